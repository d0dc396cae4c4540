import { z } from 'zod'
import type { FunctionKind } from './execution.js'
import type { JsonSchema } from './json.js'

const schema = z.record(z.string(), z.json())
const schemaOrNull = schema.nullable()

/** What a function declares about itself, read without executing it. */
export const functionDefinitionSchema = z.strictObject({
  kind: z.enum(['action', 'sync', 'on-event']),
  description: z.string(),
  version: z.string().nullable(),
  scopes: z.array(z.string()),
  endpoints: z.array(
    z.strictObject({ method: z.string(), path: z.string(), group: z.string().nullable() }),
  ),
  /** Null for a function that takes (or gives) nothing. */
  inputSchema: schemaOrNull,
  outputSchema: schemaOrNull,
  /** The records a sync stores, by model name. */
  models: z.record(z.string(), schema),
  checkpointSchema: schemaOrNull,
  metadataSchema: schemaOrNull,
  /** Of syncs: `every 5m`, `every hour`. */
  frequency: z.string().nullable(),
  autoStart: z.boolean(),
  syncType: z.enum(['full', 'incremental']).nullable(),
  trackDeletes: z.boolean(),
  /** Of syncs with `onWebhook`: which webhooks it is called for; `*` for all. */
  webhookSubscriptions: z.array(z.string()).optional(),
  /** Of on-event functions: the event they run on. */
  event: z.string().nullable(),
})

type Shape = z.infer<typeof functionDefinitionSchema>
type SchemaMembers = 'kind' | 'inputSchema' | 'outputSchema' | 'models'

export type FunctionDefinition = Readonly<
  Omit<Shape, SchemaMembers | 'checkpointSchema' | 'metadataSchema'>
> & {
  readonly kind: FunctionKind
  readonly inputSchema: JsonSchema | null
  readonly outputSchema: JsonSchema | null
  readonly models: Readonly<Record<string, JsonSchema>>
  readonly checkpointSchema: JsonSchema | null
  readonly metadataSchema: JsonSchema | null
}

/** A function ready to run: one self-contained CommonJS text that requires only allowed modules. */
export type CompiledFunction = {
  readonly name: string
  readonly fileName: string
  readonly code: string
  /** SHA-256 of the TypeScript source. */
  readonly sourceHash: string
  readonly definition: FunctionDefinition
}
