/* eslint-disable @typescript-eslint/no-explicit-any -- webhook payloads, and definitions of whatever schemas */
import type { ConnectionEvent } from '../create-on-event.js'
import type { NangoAction, Schema, ZodCheckpoint, ZodMetadata } from './nango-action.js'
import type { NangoSync, ZodModel } from './nango-sync.js'

type MaybePromise<T> = Promise<T> | T
type Endpoint = {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'PROPFIND' | 'REPORT'
  path: string
  group?: string | null | undefined
}
type Models = Record<string, ZodModel>

export interface CreateActionProps<
  TInput extends Schema,
  TOutput extends Schema,
  TMetadata extends ZodMetadata = undefined,
  TCheckpoint extends ZodCheckpoint = undefined,
> {
  version?: string
  /** What the action does, for people and for agents that choose tools. */
  description: string
  endpoint?: Endpoint
  input: TInput
  output: TOutput
  /** Schema of the connection's metadata. */
  metadata?: TMetadata
  /** A flat object of text, numbers and booleans. */
  checkpoint?: TCheckpoint
  /** Scopes the connection needs. */
  scopes?: string[]
  exec: (
    nango: NangoAction<TMetadata, TCheckpoint>,
    input: TInput['_zod']['output'],
  ) => MaybePromise<TOutput['_zod']['output']>
}

export interface CreateActionResponse<
  TInput extends Schema,
  TOutput extends Schema,
  TMetadata extends ZodMetadata = undefined,
  TCheckpoint extends ZodCheckpoint = undefined,
> extends CreateActionProps<TInput, TOutput, TMetadata, TCheckpoint> {
  type: 'action'
}

export interface CreateSyncProps<
  TModels extends Models,
  TMetadata extends ZodMetadata = never,
  TCheckpoint extends ZodCheckpoint = never,
> {
  version?: string
  /** What the sync stores, for people. */
  description: string
  endpoints?: Endpoint[]
  /** `every hour`, `every 5m`, `every 6 hours`; at least 30 seconds. */
  frequency: string
  /** Zod objects with a text `id`, by name. */
  models: TModels
  syncType?: 'full' | 'incremental'
  /** @deprecated Call `trackDeletesStart` and `trackDeletesEnd`. */
  trackDeletes?: boolean
  /** False waits for somebody to start it. Default true. */
  autoStart?: boolean
  /** Scopes the connection needs. */
  scopes?: string[]
  /** Schema of the connection's metadata. */
  metadata?: TMetadata
  /** A flat object of text, numbers and booleans. */
  checkpoint?: TCheckpoint
  /** Which webhooks `onWebhook` is called for; `*` for all. */
  webhookSubscriptions?: string[]
  exec: (nango: NangoSync<TModels, TMetadata, TCheckpoint>) => MaybePromise<void>
  onWebhook?: (
    nango: NangoSync<TModels, TMetadata, TCheckpoint>,
    payload: any,
  ) => MaybePromise<void>
}

export interface CreateSyncResponse<
  TModels extends Models,
  TMetadata extends ZodMetadata = undefined,
  TCheckpoint extends ZodCheckpoint = undefined,
> extends CreateSyncProps<TModels, TMetadata, TCheckpoint> {
  type: 'sync'
}

export interface CreateOnEventProps<
  TMetadata extends ZodMetadata = undefined,
  TCheckpoint extends ZodCheckpoint = undefined,
> {
  version?: string
  /** What the function does, for people. */
  description: string
  event: ConnectionEvent
  /** Schema of the connection's metadata. */
  metadata?: TMetadata
  /** A flat object of text, numbers and booleans. */
  checkpoint?: TCheckpoint
  exec: (nango: NangoAction<TMetadata, TCheckpoint>) => MaybePromise<void>
}

export interface CreateOnEventResponse<
  TMetadata extends ZodMetadata = undefined,
  TCheckpoint extends ZodCheckpoint = undefined,
> extends CreateOnEventProps<TMetadata, TCheckpoint> {
  type: 'onEvent'
}

export type CreateAnyResponse =
  | CreateSyncResponse<any, ZodMetadata, ZodCheckpoint>
  | CreateActionResponse<any, any, ZodMetadata, ZodCheckpoint>
  | CreateOnEventResponse<ZodMetadata, ZodCheckpoint>

/** How existing functions see `createAction`. */
export type CreateAction = <
  TInput extends Schema,
  TOutput extends Schema,
  TMetadata extends ZodMetadata = undefined,
  TCheckpoint extends ZodCheckpoint = undefined,
>(
  params: CreateActionProps<TInput, TOutput, TMetadata, TCheckpoint>,
) => CreateActionResponse<TInput, TOutput, TMetadata, TCheckpoint>

/** How existing functions see `createSync`. */
export type CreateSync = <
  TModels extends Models,
  TMetadata extends ZodMetadata = undefined,
  TCheckpoint extends ZodCheckpoint = undefined,
>(
  params: CreateSyncProps<TModels, TMetadata, TCheckpoint>,
) => CreateSyncResponse<TModels, TMetadata, TCheckpoint>

/** How existing functions see `createOnEvent`. */
export type CreateOnEvent = <
  TMetadata extends ZodMetadata = undefined,
  TCheckpoint extends ZodCheckpoint = undefined,
>(
  params: CreateOnEventProps<TMetadata, TCheckpoint>,
) => CreateOnEventResponse<TMetadata, TCheckpoint>
