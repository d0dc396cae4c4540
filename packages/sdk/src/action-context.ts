import type { z } from 'zod'
import type { ActionError } from './action-error.js'
import type { HttpResponse, ProxyConfiguration } from './proxy-configuration.js'

export type Metadata = Record<string, unknown>

export type ConnectionInfo = {
  readonly connection_id: string
  readonly provider_config_key: string
  readonly provider: string
  readonly connection_config: Readonly<Record<string, string>>
  readonly metadata: Readonly<Metadata>
  readonly created_at: string
  readonly updated_at: string
  /** Never readable inside a function: the gateway attaches credentials. Reading it throws. */
  readonly credentials: never
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
  setMetadata(metadata: TMetadata): Promise<void>
  /** Changes the given top-level members only. */
  updateMetadata(metadata: Partial<TMetadata>): Promise<void>
  getIntegration(): Promise<IntegrationInfo>
  getEnvironmentVariables(): Promise<readonly { readonly name: string; readonly value: string }[]>

  /** Null when none was saved. */
  getCheckpoint<T = TCheckpoint>(): Promise<T | null>
  /** A flat object of text, numbers and booleans. */
  saveCheckpoint(checkpoint: TCheckpoint): Promise<void>
  clearCheckpoint(): Promise<void>

  /** False when somebody holds the lock. */
  tryAcquireLock(lock: { readonly key: string; readonly ttlMs: number }): Promise<boolean>
  releaseLock(lock: { readonly key: string }): Promise<boolean>

  log(...message: readonly [unknown, ...unknown[]]): Promise<void>
  /** Throws ValidationError when the input does not match. */
  zodValidateInput<T>(check: {
    readonly zodSchema: z.core.$ZodType<T>
    readonly input: unknown
  }): Promise<{ readonly success: true; readonly data: T }>

  /** Throws: credentials stay in the gateway. */
  getToken(): Promise<never>
  /** Throws: calls leave through the gateway only. */
  uncontrolledFetch(options: unknown): Promise<never>
  /** Throws: one function cannot start another. */
  triggerAction(...args: readonly unknown[]): Promise<never>
  triggerSync(...args: readonly unknown[]): Promise<never>
  startSync(...args: readonly unknown[]): Promise<never>
  /** Throws: this runtime receives no webhooks for functions. */
  getWebhookURL(): Promise<never>
}
