import type { Pagination } from './provider.js'
import type { JsonSchema } from './json.js'

/** An API description (OpenAPI 3, Swagger 2, Google Discovery), normalised to one form. */
export type ApiDescription = {
  readonly title: string
  readonly version: string
  /** Base URL of the first server, or null where the document names none. */
  readonly baseUrl: string | null
  readonly operations: readonly Operation[]
  /** Named schemas; `{ "$ref": "#/schemas/Name" }` points here. */
  readonly schemas: Readonly<Record<string, JsonSchema>>
}

export type Operation = {
  /** Unique in the description: `operationId`, or `METHOD /path` where there is none. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'
  /** Relative to the base URL, with `{name}` placeholders. */
  readonly path: string
  readonly summary: string
  readonly description: string
  readonly tags: readonly string[]
  readonly deprecated: boolean
  /** Alternatives: any one list of scopes suffices. */
  readonly scopes: readonly (readonly string[])[]
  readonly parameters: readonly Parameter[]
  readonly requestBody: RequestBody | null
  readonly responses: readonly OperationResponse[]
  /** Inferred from parameters and response, or declared; null when the operation does not page. */
  readonly pagination: Pagination | null
  /** The query parameter that restricts a list to what changed since a time, where there is one. */
  readonly incrementalParameter: string | null
  readonly docs: string | null
}

export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description: string
  readonly schema: JsonSchema
  /** Serialisation of arrays and objects, as in OpenAPI (`form`, `deepObject`, ...). */
  readonly style: string | null
  readonly explode: boolean | null
}

export type RequestBody = {
  readonly contentType: string
  readonly required: boolean
  readonly schema: JsonSchema
}

export type OperationResponse = {
  /** `200`, `4XX`, `default`. */
  readonly status: string
  readonly description: string
  readonly contentType: string | null
  readonly schema: JsonSchema | null
}
