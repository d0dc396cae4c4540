import { z } from 'zod'
import { briefSchema } from './brief.js'
import type { JsonSchema } from './json.js'

/** The published JSON Schema of a brief (`docs/brief.schema.json`), for editors. */
export function briefJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(briefSchema, { io: 'input', target: 'draft-2020-12' })
  return JSON.parse(JSON.stringify({ ...schema, title: 'Plumb brief' })) as JsonSchema
}
