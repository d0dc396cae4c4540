import { credentialsRefused, PlumbError } from '@plumb/protocol'
import type { z } from 'zod'
import type {
  ActionContext,
  ConnectionInfo,
  IntegrationInfo,
  Metadata,
  MetadataChange,
  NamedSync,
  SyncMode,
} from '../action-context.js'
import { ActionError } from '../action-error.js'
import type { HostChannel } from '../host-channel.js'
import { paginate } from '../paginate.js'
import type { HttpMethod, HttpResponse, ProxyConfiguration } from '../proxy-configuration.js'
import { validate } from '../validation-error.js'
import { isLogged, logLine } from './log-line.js'
import { sendRequest } from './send-request.js'
import { uncontrolledFetch } from './uncontrolled-fetch.js'
import type { FetchOptions } from './uncontrolled-fetch.js'

/** The schemas a function declares for what the context hands out and takes in. */
export type ContextSchemas = {
  readonly metadata: z.core.$ZodType | undefined
  readonly checkpoint: z.core.$ZodType | undefined
}

/** The context of actions and on-event functions: every member ends in a call of the host. */
export class FunctionContext implements ActionContext {
  readonly connectionId: string
  readonly providerConfigKey: string
  readonly provider: string
  readonly ActionError = ActionError
  readonly #host: HostChannel
  readonly #schemas: ContextSchemas
  readonly #locks = new Set<string>()
  #leastLevel = 'debug'
  /** Walks that were left before their last page. */
  protected unfinishedWalks = 0

  constructor(host: HostChannel, schemas: ContextSchemas) {
    this.#host = host
    this.#schemas = schemas
    this.connectionId = host.context.connectionId
    this.providerConfigKey = host.context.providerConfigKey
    this.provider = host.context.provider
  }

  get<T>(config: ProxyConfiguration): Promise<HttpResponse<T>> {
    return this.#send(config, 'GET')
  }

  post<T>(config: ProxyConfiguration): Promise<HttpResponse<T>> {
    return this.#send(config, 'POST')
  }

  put<T>(config: ProxyConfiguration): Promise<HttpResponse<T>> {
    return this.#send(config, 'PUT')
  }

  patch<T>(config: ProxyConfiguration): Promise<HttpResponse<T>> {
    return this.#send(config, 'PATCH')
  }

  delete<T>(config: ProxyConfiguration): Promise<HttpResponse<T>> {
    return this.#send(config, 'DELETE')
  }

  proxy<T>(config: ProxyConfiguration): Promise<HttpResponse<T>> {
    return this.#send(config, (config?.method?.toUpperCase() ?? 'GET') as HttpMethod)
  }

  async *paginate<T>(config: ProxyConfiguration): AsyncGenerator<T[], undefined, void> {
    this.unfinishedWalks += 1
    const pages = paginate(config, this.#host.context.pagination, (page) => this.proxy(page))
    for await (const page of pages) yield page as T[]
    this.unfinishedWalks -= 1
    return undefined
  }

  async getConnection(
    providerConfigKey: string = this.providerConfigKey,
    connectionId: string = this.connectionId,
    options: { readonly forceRefresh?: boolean } = {},
  ): Promise<ConnectionInfo> {
    const { forceRefresh: refresh = false } = options
    const asked = { connection: { integrationKey: providerConfigKey, connectionId }, refresh }
    const connection = await this.call<ConnectionInfo>('getConnection', asked)
    if ('credentials' in connection) return connection
    return Object.defineProperty(connection, 'credentials', { get: refuseCredentials })
  }

  async getMetadata<T>(): Promise<T> {
    const metadata = await this.call('getMetadata', {})
    if (this.#schemas.metadata === undefined) return metadata as T
    return validate(this.#schemas.metadata, metadata, "The connection's metadata") as T
  }

  async setMetadata(metadata: Metadata): Promise<MetadataChange> {
    return this.#changed(await this.call('setMetadata', { metadata }))
  }

  async updateMetadata(metadata: Metadata): Promise<MetadataChange> {
    return this.#changed(await this.call('updateMetadata', { metadata }))
  }

  async getFieldMapping(): Promise<Record<string, string>> {
    const { fieldMapping } = await this.call<Metadata>('getMetadata', {})
    return (fieldMapping ?? {}) as Record<string, string>
  }

  setFieldMapping(fieldMapping: Readonly<Record<string, string>>): Promise<MetadataChange> {
    return this.updateMetadata({ fieldMapping })
  }

  getIntegration(queries?: { readonly include?: readonly string[] }): Promise<IntegrationInfo> {
    return this.call('getIntegration', { include: [...(queries?.include ?? [])] })
  }

  getVariant(): string {
    return this.#host.context.variant
  }

  getFlowAttributes(): null {
    return null
  }

  getEnvironmentVariables(): Promise<{ name: string; value: string }[]> {
    return this.call('getEnvironmentVariables', {})
  }

  getCheckpoint<T>(): Promise<T | null> {
    return this.call('getCheckpoint', {})
  }

  async saveCheckpoint(checkpoint: Metadata): Promise<void> {
    if (this.#schemas.checkpoint !== undefined) {
      validate(this.#schemas.checkpoint, checkpoint, 'The checkpoint')
    }
    const nested = Object.entries(checkpoint).find(([, value]) => typeof value === 'object')
    if (nested !== undefined) {
      throw new PlumbError({
        code: 'request-invalid',
        message: `The checkpoint's "${nested[0]}" is ${JSON.stringify(nested[1])}.`,
        remedy: 'Save a flat object of text, numbers and booleans.',
      })
    }
    await this.call('saveCheckpoint', { checkpoint })
  }

  async clearCheckpoint(): Promise<void> {
    await this.call('clearCheckpoint', {})
  }

  async tryAcquireLock({ key, ttlMs }: { key: string; ttlMs: number }): Promise<boolean> {
    const acquired = await this.call<boolean>('acquireLock', { key, ttlMs })
    if (acquired) this.#locks.add(key)
    return acquired
  }

  releaseLock({ key }: { key: string }): Promise<boolean> {
    this.#locks.delete(key)
    return this.call('releaseLock', { key })
  }

  async releaseAllLocks(): Promise<void> {
    for (const key of [...this.#locks]) await this.releaseLock({ key })
  }

  async log(...message: readonly [unknown, ...unknown[]]): Promise<void> {
    const { level, text } = logLine(message)
    if (isLogged(level, this.#leastLevel)) this.#host.log(level, text)
  }

  setLogger({ level }: { readonly level: string }): void {
    this.#leastLevel = level
  }

  async zodValidateInput<T>(check: { zodSchema: z.core.$ZodType<T>; input: unknown }): Promise<{
    success: true
    data: T
  }> {
    return { success: true, data: validate(check.zodSchema, check.input, 'The input') }
  }

  getToken(): Promise<unknown> {
    return this.call('getToken', {})
  }

  uncontrolledFetch(options: unknown): Promise<Response> {
    return uncontrolledFetch(this.#host, options as FetchOptions)
  }

  triggerAction<T>(...args: readonly [string, string, string, unknown?]): Promise<T> {
    const [integrationKey, connectionId, action, input = null] = args
    return this.call('triggerAction', { integrationKey, connectionId, action, input })
  }

  async triggerSync(...args: readonly [string, string, NamedSync, (SyncMode | boolean)?]) {
    const [integrationKey, connectionId, sync, given] = args
    const mode = typeof given === 'string' ? given : given === true ? 'full_refresh' : 'incremental'
    await this.call('triggerSync', { integrationKey, connectionId, sync: variantOf(sync), mode })
  }

  async startSync(
    integrationKey: string,
    syncs: readonly NamedSync[],
    connectionId?: string,
  ): Promise<void> {
    const named = { syncs: syncs.map(variantOf), connectionId: connectionId ?? null }
    await this.call('startSync', { integrationKey, ...named })
  }

  getWebhookURL(): Promise<string | null> {
    return this.call('getWebhookURL', {})
  }

  protected async call<T>(method: string, args: unknown): Promise<T> {
    return (await this.#host.call(method, args)) as T
  }

  #changed(metadata: Metadata): MetadataChange {
    const { providerConfigKey: provider_config_key, connectionId: connection_id } = this
    return { data: { metadata, provider_config_key, connection_id }, status: 200, headers: {} }
  }

  async #send<T>(config: ProxyConfiguration, method: HttpMethod): Promise<HttpResponse<T>> {
    return (await sendRequest(this.#host, config, method)) as HttpResponse<T>
  }
}

function variantOf(sync: NamedSync): { name: string; variant: string } {
  return typeof sync === 'string' ? { name: sync, variant: 'base' } : { ...sync }
}

function refuseCredentials(): never {
  throw credentialsRefused('the credentials of a connection')
}
