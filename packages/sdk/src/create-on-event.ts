import type { z } from 'zod'
import type { ActionContext } from './action-context.js'
import { requireMembers } from './create-action.js'
import type { ValueOf } from './create-action.js'

export type ConnectionEvent =
  'post-connection-creation' | 'pre-connection-deletion' | 'validate-connection'

export type OnEventDefinition<
  TMetadata extends z.core.$ZodType | undefined,
  TCheckpoint extends z.core.$ZodObject | undefined,
> = {
  readonly description: string
  readonly version?: string
  readonly event: ConnectionEvent
  readonly metadata?: TMetadata
  readonly checkpoint?: TCheckpoint
  readonly scopes?: readonly string[]
  readonly exec: (
    ctx: ActionContext<ValueOf<TMetadata>, ValueOf<TCheckpoint>>,
  ) => Promise<void> | void
}

export type OnEvent<
  TMetadata extends z.core.$ZodType | undefined = undefined,
  TCheckpoint extends z.core.$ZodObject | undefined = undefined,
> = OnEventDefinition<TMetadata, TCheckpoint> & { readonly kind: 'on-event' }

/** Declares a function that runs when a connection is created, checked or deleted. Throws TypeError when a member is missing. */
export function createOnEvent<
  TMetadata extends z.core.$ZodType | undefined = undefined,
  TCheckpoint extends z.core.$ZodObject | undefined = undefined,
>(definition: OnEventDefinition<TMetadata, TCheckpoint>): OnEvent<TMetadata, TCheckpoint> {
  requireMembers('createOnEvent', definition, ['description', 'event', 'exec'])
  return { ...definition, kind: 'on-event' }
}
