import { z } from 'zod'
import { providerSchema } from '@plumb/protocol'

/** The JSON Schema (2020-12) of a provider entry as a person writes it; published as `provider.schema.json`. */
export function providerJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(providerSchema, { io: 'input' })
  return { $schema, title: 'Plumb provider entry', ...schema }
}
