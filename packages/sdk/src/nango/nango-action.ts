/* eslint-disable @typescript-eslint/no-explicit-any -- the interface that existing functions compile against: they read answers without parsing them */
import type { ActionError } from '../action-error.js'
import type { ConnectionCredentials, IntegrationCredentials, OAuth1Token } from './credentials.js'
import type { NangoResponse, ProxyConfiguration } from './proxy-configuration.js'

/**
 * A zod schema, known by its value only. Comparing schemas member by member would take the compiler most of its time
 * at thousands of functions.
 */
export type Schema<T = unknown> = { readonly _zod: { readonly output: T } }
export type ZodMetadata = Schema | undefined
export type ZodCheckpoint = Schema<Record<string, string | number | boolean>> | undefined

/** The value of a schema; `never` without one, so that nothing unchecked is stored. */
export type ValueOf<T> = T extends Schema<infer Value> ? Value : never

export type UncontrolledFetchOptions = {
  url: URL
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'PROPFIND' | 'REPORT'
  headers?: Record<string, string> | undefined
  body?: string | null
}

type LogLevel = 'info' | 'debug' | 'error' | 'warn' | 'http' | 'verbose' | 'silly'
type Logger = { level: 'off' | 'debug' | 'info' | 'warn' | 'error' }
type NamedSync = string | { name: string; variant: string }

export type NangoConnection = {
  id: number
  connection_id: string
  provider_config_key: string
  provider: string
  connection_config: {
    [member: string]: any
    oauth_scopes_override?: string[] | undefined
    oauth_scopes?: string | undefined
    authorization_params?: Record<string, string> | undefined
  }
  metadata: Record<string, unknown> | null
  /** Readable only where the project allows credentials. */
  credentials: ConnectionCredentials
  created_at: string
  updated_at: string
  last_fetched_at: string | null
  webhook_url_override: string | null
  errors: { type: string; log_id: string }[]
  end_user: {
    id: string
    display_name: string | null
    email: string | null
    tags: Record<string, string> | null
    organization: { id: string; display_name: string | null } | null
  } | null
  tags: Record<string, string>
}

export type NangoIntegration = {
  unique_key: string
  provider: string
  display_name: string | null
  logo: string
  forward_webhooks: boolean
  created_at: string
  updated_at: string
  webhook_url?: string | null
  credentials_label?: Record<string, string> | undefined
  preconfigured_credentials?: string[] | undefined
  preconfigured_connection_config?: string[] | undefined
  /** Readable only where the project allows credentials. */
  credentials?: IntegrationCredentials | null
}

type MetadataAnswer = {
  metadata: any
  provider_config_key: string
  connection_id: string | string[]
}

/** What an action or on-event function is given; provider calls throw outside 2xx. */
export interface NangoAction<
  TMetadata extends ZodMetadata = never,
  TCheckpoint extends ZodCheckpoint = never,
  TMetadataValue = ValueOf<TMetadata>,
  TCheckpointValue = ValueOf<TCheckpoint>,
> {
  connectionId: string
  providerConfigKey: string
  /** The provider's name in the catalog. */
  provider: string
  environmentId: number
  environmentName?: string
  accountId: number
  activityLogId: string
  syncId?: string
  /** True only for a run that a person started from a terminal. */
  isCLI: boolean
  /** The level below which log lines are left out. */
  logger: Logger
  abortSignal?: AbortSignal
  /** `throw new nango.ActionError({ type, message })` reports a failure to the caller. */
  ActionError: typeof ActionError

  /** Uses `config.method`, default GET. */
  proxy<T = any>(config: ProxyConfiguration): Promise<NangoResponse<T>>
  get<T = any>(config: Omit<ProxyConfiguration, 'method'>): Promise<NangoResponse<T>>
  post<T = any>(config: Omit<ProxyConfiguration, 'method'>): Promise<NangoResponse<T>>
  put<T = any>(config: Omit<ProxyConfiguration, 'method'>): Promise<NangoResponse<T>>
  patch<T = any>(config: Omit<ProxyConfiguration, 'method'>): Promise<NangoResponse<T>>
  delete<T = any>(config: Omit<ProxyConfiguration, 'method'>): Promise<NangoResponse<T>>
  /** Yields the records of each page that has some, until the provider says there are no more. */
  paginate<T = any>(config: ProxyConfiguration): AsyncGenerator<T[], undefined, void>
  /** A plain request without credentials and retries, where the project allows it; private addresses are refused. */
  uncontrolledFetch(options: UncontrolledFetchOptions): Promise<Response>

  /** The current credential, where the project allows it: a token as text, other kinds as their object. */
  getToken(): Promise<string | OAuth1Token | ConnectionCredentials>
  /** Without arguments, the execution's own connection. */
  getConnection(
    providerConfigKey?: string,
    connectionId?: string,
    options?: {
      refreshToken?: boolean
      refreshGithubAppJwtToken?: boolean
      forceRefresh?: boolean
    },
  ): Promise<NangoConnection>
  getIntegration(queries?: {
    include?: ('webhook' | 'credentials')[] | undefined
  }): Promise<NangoIntegration>
  /** Address that the provider may send webhooks to. */
  getWebhookURL(): Promise<string | null | undefined>
  getEnvironmentVariables(): Promise<{ name: string; value: string }[] | null>
  getVariant(): string
  getFlowAttributes<A = object>(): A | null

  /** Checked against the function's `metadata` schema. */
  getMetadata<T = TMetadataValue>(): Promise<T>
  /** Replaces the connection's metadata. */
  setMetadata(metadata: TMetadataValue): Promise<NangoResponse<MetadataAnswer>>
  /** Changes the given top-level members only. */
  updateMetadata(metadata: Partial<TMetadataValue>): Promise<NangoResponse<MetadataAnswer>>
  /** @deprecated The metadata member `fieldMapping`. */
  getFieldMapping(): Promise<Record<string, string>>
  /** @deprecated Replaces the metadata member `fieldMapping`. */
  setFieldMapping(fieldMapping: Record<string, string>): Promise<NangoResponse<object>>

  /** Null when none was saved. */
  getCheckpoint(): Promise<TCheckpointValue | null>
  /** A flat object of text, numbers and booleans. */
  saveCheckpoint(checkpoint: TCheckpointValue): Promise<void>
  /** Nothing happens when none was saved. */
  clearCheckpoint(): Promise<void>

  /** Calls another function of the product and returns its output. */
  triggerAction<In = unknown, Out = object>(
    providerConfigKey: string,
    connectionId: string,
    actionName: string,
    input?: In,
  ): Promise<Out>
  /** Asks for one run of a sync, beside its schedule. */
  triggerSync(
    providerConfigKey: string,
    connectionId: string,
    sync: NamedSync,
    syncMode?: 'incremental' | 'full_refresh' | 'full_refresh_and_clear_cache' | boolean,
  ): Promise<void | string>
  /** Starts the schedule of syncs. */
  startSync(providerConfigKey: string, syncs: NamedSync[], connectionId?: string): Promise<void>

  /** False when somebody holds the lock. */
  tryAcquireLock(lock: { key: string; ttlMs: number }): Promise<boolean>
  /** False when the lock was not held. */
  releaseLock(lock: { key: string }): Promise<boolean>
  releaseAllLocks(): Promise<void>

  /** Words, and as the last argument possibly `{ level }`. */
  log(
    message: any,
    options?: { level?: LogLevel } | { [key: string]: any; level?: never },
  ): Promise<void> | void
  log(message: string, ...args: [any, { level?: LogLevel }]): Promise<void> | void
  log(...args: [...any]): Promise<void> | void
  /** Log lines below the level are left out. */
  setLogger(logger: Logger): void

  /** Throws when the input does not match. */
  zodValidateInput<T = any, Z = any>(check: {
    zodSchema: Schema<Z>
    input: T
  }): Promise<{ success: true; data: Z; error?: never }>
}
