import type { z } from 'zod'
import type { SyncContext } from './sync-context.js'
import { requireMembers } from './create-action.js'
import type { Endpoint, ValueOf } from './create-action.js'
import { frequencyMs } from './frequency.js'
import type { Frequency } from './frequency.js'

/**
 * A model is a zod object with a text `id`. The core types of zod stand for its schemas here because comparing the full
 * ones takes the type checker twenty times as long.
 */
export type Models = Readonly<Record<string, z.core.$ZodObject<{ id: z.core.$ZodType<string> }>>>

type RecordsOf<TModels extends Models> = { readonly [K in keyof TModels]: z.output<TModels[K]> }

export type SyncDefinition<
  TModels extends Models,
  TMetadata extends z.core.$ZodType | undefined,
  TCheckpoint extends z.core.$ZodObject | undefined,
> = {
  /** What the sync stores, for people. */
  readonly description: string
  readonly version?: string
  /** `every hour`, `every 5m`, `every 6 hours`; at least 30 seconds. */
  readonly frequency: Frequency
  readonly models: TModels
  readonly metadata?: TMetadata
  readonly checkpoint?: TCheckpoint
  /** False waits for somebody to start it. Default true. */
  readonly autoStart?: boolean
  readonly scopes?: readonly string[]
  readonly endpoints?: readonly Endpoint[]
  readonly syncType?: 'full' | 'incremental'
  readonly trackDeletes?: boolean
  readonly webhookSubscriptions?: readonly string[]
  readonly exec: (
    ctx: SyncContext<RecordsOf<TModels>, ValueOf<TMetadata>, ValueOf<TCheckpoint>>,
  ) => Promise<void> | void
  readonly onWebhook?: (
    ctx: SyncContext<RecordsOf<TModels>, ValueOf<TMetadata>, ValueOf<TCheckpoint>>,
    payload: unknown,
  ) => Promise<void> | void
}

export type Sync<
  TModels extends Models = Models,
  TMetadata extends z.core.$ZodType | undefined = undefined,
  TCheckpoint extends z.core.$ZodObject | undefined = undefined,
> = SyncDefinition<TModels, TMetadata, TCheckpoint> & { readonly kind: 'sync' }

/** Declares a sync. Throws TypeError for a missing member, a wrong frequency, or a model without `id`. */
export function createSync<
  TModels extends Models,
  TMetadata extends z.core.$ZodType | undefined = undefined,
  TCheckpoint extends z.core.$ZodObject | undefined = undefined,
>(
  definition: SyncDefinition<TModels, TMetadata, TCheckpoint>,
): Sync<TModels, TMetadata, TCheckpoint> {
  requireMembers('createSync', definition, ['description', 'frequency', 'models', 'exec'])
  if (frequencyMs(definition.frequency) === null) {
    throw new TypeError(
      `createSync: "frequency" is "${definition.frequency}". Write "every hour", "every 5m" or "every 6 hours", at least every 30 seconds.`,
    )
  }
  for (const [name, model] of Object.entries(definition.models)) {
    if (model._zod.def.shape.id === undefined) {
      throw new TypeError(`createSync: model "${name}" has no "id". Add id: z.string() to it.`)
    }
  }
  return { ...definition, kind: 'sync' }
}
