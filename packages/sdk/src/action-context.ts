import type { z } from 'zod'
import type { ActionError } from './action-error.js'
import type { HttpResponse, ProxyConfiguration } from './proxy-configuration.js'

export type Metadata = Record<string, unknown>

/** Read by the compiler out loud: these literals are the message of the error. */
type CredentialsStay =
  'Credentials stay in the gateway. Call the API with ctx.get, ctx.post, ctx.put, ctx.patch, ctx.delete or ctx.proxy.'
type CallsGoThroughTheGateway =
  'Calls leave through the gateway. Call the API with ctx.get, ctx.post, ctx.put, ctx.patch, ctx.delete or ctx.proxy.'

/** The answer to a change of metadata. */
export type MetadataChange = HttpResponse<{
  readonly metadata: Readonly<Metadata>
  readonly provider_config_key: string
  readonly connection_id: string
}>

/** A sync by name, or one of its variants. */
export type NamedSync = string | { readonly name: string; readonly variant: string }

export type ConnectionInfo = {
  readonly connection_id: string
  readonly provider_config_key: string
  readonly provider: string
  readonly connection_config: Readonly<Record<string, string>>
  readonly metadata: Readonly<Metadata>
  readonly created_at: string
  readonly updated_at: string
  /** Stay in the gateway. A project that allows them imports from "nango", whose types can read them. */
  readonly credentials: CredentialsStay
}

export type IntegrationInfo = { readonly unique_key: string; readonly provider: string }

/** What an action or on-event function is given; provider calls throw HttpError outside 2xx. */
export type ActionContext<TMetadata = Metadata, TCheckpoint = Metadata> = {
  readonly connectionId: string
  readonly providerConfigKey: string
  /** `throw new ctx.ActionError({ type, message })` reports a failure to the caller. */
  readonly ActionError: typeof ActionError

  get<T = unknown>(config: ProxyConfiguration): Promise<HttpResponse<T>>
  post<T = unknown>(config: ProxyConfiguration): Promise<HttpResponse<T>>
  put<T = unknown>(config: ProxyConfiguration): Promise<HttpResponse<T>>
  patch<T = unknown>(config: ProxyConfiguration): Promise<HttpResponse<T>>
  delete<T = unknown>(config: ProxyConfiguration): Promise<HttpResponse<T>>
  /** Uses `config.method`, default GET. */
  proxy<T = unknown>(config: ProxyConfiguration): Promise<HttpResponse<T>>
  /** Yields the records of each page that has some, until the provider says there are no more. */
  paginate<T = unknown>(config: ProxyConfiguration): AsyncGenerator<T[], undefined, void>

  getConnection(): Promise<ConnectionInfo>
  getConnection(providerConfigKey: string, connectionId: string): Promise<ConnectionInfo>
  /** Checked against the function's `metadata` schema. */
  getMetadata<T = TMetadata>(): Promise<T>
  /** Replaces the connection's metadata. */
  setMetadata(metadata: TMetadata): Promise<MetadataChange>
  /** Changes the given top-level members only. */
  updateMetadata(metadata: Partial<TMetadata>): Promise<MetadataChange>
  getIntegration(): Promise<IntegrationInfo>
  /** What the project sets for its functions. Throws PlumbError where nothing supplies it. */
  getEnvironmentVariables(): Promise<readonly { readonly name: string; readonly value: string }[]>

  /** Null when none was saved. */
  getCheckpoint<T = TCheckpoint>(): Promise<T | null>
  /** A flat object of text, numbers and booleans. */
  saveCheckpoint(checkpoint: TCheckpoint): Promise<void>
  /** Nothing happens when none was saved. */
  clearCheckpoint(): Promise<void>

  /**
   * Takes a lock that all executions of the connection share, or extends one's own; false when another execution
   * holds it. It ends after `ttlMs`, and at the latest with the execution.
   */
  tryAcquireLock(lock: { readonly key: string; readonly ttlMs: number }): Promise<boolean>
  /** False when the lock was not held. */
  releaseLock(lock: { readonly key: string }): Promise<boolean>

  /** Words, and as the last argument possibly `{ level: 'debug' | 'info' | 'warn' | 'error' }`. */
  log(...message: readonly [unknown, ...unknown[]]): Promise<void>
  /** Throws ValidationError when the input does not match. */
  zodValidateInput<T>(check: {
    readonly zodSchema: z.core.$ZodType<T>
    readonly input: unknown
  }): Promise<{ readonly success: true; readonly data: T }>

  getToken(this: CredentialsStay): Promise<unknown>
  uncontrolledFetch(this: CallsGoThroughTheGateway, options: unknown): Promise<Response>
  /** Calls another action of the product and returns its output. Throws PlumbError where nothing supplies it. */
  triggerAction<TOutput = unknown>(
    providerConfigKey: string,
    connectionId: string,
    actionName: string,
    input?: unknown,
  ): Promise<TOutput>
  /** Asks for one run of a sync, beside its schedule. Throws PlumbError where nothing supplies it. */
  triggerSync(
    providerConfigKey: string,
    connectionId: string,
    sync: NamedSync,
    syncMode?: SyncMode | boolean,
  ): Promise<void>
  /** Starts the schedule of syncs. Throws PlumbError where nothing supplies it. */
  startSync(
    providerConfigKey: string,
    syncs: readonly NamedSync[],
    connectionId?: string,
  ): Promise<void>
  /** Address that the provider may send webhooks to; null for none. Throws PlumbError where nothing supplies it. */
  getWebhookURL(): Promise<string | null>
}

/** How a triggered sync treats what it stored before; `true` stands for `full_refresh`. */
export type SyncMode = 'incremental' | 'full_refresh' | 'full_refresh_and_clear_cache'
