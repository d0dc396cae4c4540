import { functionDefinitionSchema, PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import type { Action } from '../create-action.js'
import type { OnEvent } from '../create-on-event.js'
import type { Sync } from '../create-sync.js'

/** What `createAction`, `createSync` and `createOnEvent` return. */
export type AnyFunction = Action | Sync | OnEvent

/** The created object among a module's exports. Throws PlumbError `function-invalid` when there is none. */
export function functionOf(exported: unknown): AnyFunction {
  const found = (exported as { default?: unknown } | null)?.default ?? exported
  const { kind, exec } = (found ?? {}) as { kind?: unknown; exec?: unknown }
  const known = kind === 'action' || kind === 'sync' || kind === 'on-event'
  if (known && typeof exec === 'function') return found as AnyFunction
  throw new PlumbError({
    code: 'function-invalid',
    message: `The default export is ${found === undefined ? 'missing' : typeof found}, not a function of Plumb.`,
    remedy: 'Write: export default createAction({ ... }) or createSync({ ... }).',
  })
}

/** What the function declares, schemas as JSON Schema. Throws PlumbError `function-invalid`. */
export function definitionOf(declared: AnyFunction): z.infer<typeof functionDefinitionSchema> {
  const parsed = functionDefinitionSchema.safeParse({
    kind: declared.kind,
    description: declared.description,
    version: declared.version ?? null,
    scopes: [...(declared.scopes ?? [])],
    endpoints: endpointsOf(declared),
    ...inputAndOutput(declared),
    ...syncMembers(declared),
    checkpointSchema: schemaOf(declared.checkpoint, 'output'),
    metadataSchema: schemaOf(declared.metadata, 'output'),
    event: declared.kind === 'on-event' ? declared.event : null,
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new PlumbError({
    code: 'function-invalid',
    message: `The function's "${issue?.path.join('.') ?? ''}" is wrong: ${issue?.message ?? ''}`,
    remedy: 'Correct it in the object given to createAction, createSync or createOnEvent.',
  })
}

function inputAndOutput(declared: AnyFunction): object {
  if (declared.kind !== 'action') return { inputSchema: null, outputSchema: null }
  return {
    inputSchema: schemaOf(declared.input, 'input'),
    outputSchema: schemaOf(declared.output, 'output'),
  }
}

function syncMembers(declared: AnyFunction): object {
  const defaults = { autoStart: true, syncType: null, trackDeletes: false }
  if (declared.kind !== 'sync') return { ...defaults, frequency: null, models: {} }
  const { frequency, models, autoStart, syncType, trackDeletes, webhookSubscriptions } = declared
  const schemas = Object.entries(models).map(([name, model]) => [name, schemaOf(model, 'output')])
  return {
    frequency,
    models: Object.fromEntries(schemas) as object,
    autoStart: autoStart ?? defaults.autoStart,
    syncType: syncType ?? defaults.syncType,
    trackDeletes: trackDeletes ?? defaults.trackDeletes,
    ...(webhookSubscriptions && { webhookSubscriptions: [...webhookSubscriptions] }),
  }
}

function endpointsOf(declared: AnyFunction): object[] {
  if (declared.kind === 'on-event') return []
  const given = declared.kind === 'action' ? [declared.endpoint] : (declared.endpoints ?? [])
  return given.flatMap((endpoint) =>
    endpoint === undefined ? [] : [{ ...endpoint, group: endpoint.group ?? null }],
  )
}

const nothing: ReadonlySet<string> = new Set(['void', 'undefined', 'never'])

/** Null for nothing: no schema, `z.void()`, `z.undefined()`, `z.never()`. */
function schemaOf(schema: z.core.$ZodType | undefined, io: 'input' | 'output'): unknown {
  if (schema === undefined || nothing.has(schema._zod.def.type)) return null
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' })
}
