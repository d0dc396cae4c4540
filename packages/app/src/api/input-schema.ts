import type { Contract } from '@plumb/protocol'
import { z } from 'zod'

/** What the input of a contract must be, by our names of its members. */
export function inputSchemaOf({ input }: Contract): z.ZodObject {
  const members = Object.entries(input).map(([key, { schema }]) => [key, schema] as const)
  return z.object(Object.fromEntries(members))
}
