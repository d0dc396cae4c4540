import { z } from 'zod'

/** Any value JSON can hold. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** A JSON object: what most provider bodies and records are. */
export type JsonObject = { readonly [key: string]: Json }

/** A JSON Schema (draft 2020-12 subset that OpenAPI 3.1 uses); `$ref` points into `ApiDescription.schemas`. */
export type JsonSchema = { readonly [keyword: string]: Json }

export const jsonSchema: z.ZodType<Json> = z.json()
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), z.json())
