import { PlumbError } from '@plumb/protocol'
import type { z } from 'zod'
import type { ActionContext, ConnectionInfo, IntegrationInfo, Metadata } from '../action-context.js'
import { ActionError } from '../action-error.js'
import type { HostChannel, LogLevel } from '../host-channel.js'
import { paginate } from '../paginate.js'
import type { HttpMethod, HttpResponse, ProxyConfiguration } from '../proxy-configuration.js'
import { validate } from '../validation-error.js'
import { sendRequest } from './send-request.js'

/** The schemas a function declares for what the context hands out and takes in. */
export type ContextSchemas = {
  readonly metadata: z.core.$ZodType | undefined
  readonly checkpoint: z.core.$ZodType | undefined
}

const logLevels: readonly unknown[] = ['debug', 'info', 'warn', 'error']

/** The context of actions and on-event functions: every member ends in a call of the host. */
export class FunctionContext implements ActionContext {
  readonly connectionId: string
  readonly providerConfigKey: string
  readonly ActionError = ActionError
  readonly #host: HostChannel
  readonly #schemas: ContextSchemas
  /** Walks that were left before their last page. */
  protected unfinishedWalks = 0

  constructor(host: HostChannel, schemas: ContextSchemas) {
    this.#host = host
    this.#schemas = schemas
    this.connectionId = host.context.connectionId
    this.providerConfigKey = host.context.providerConfigKey
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

  async getConnection(providerConfigKey?: string, connectionId?: string): Promise<ConnectionInfo> {
    const other =
      providerConfigKey === undefined || connectionId === undefined
        ? null
        : { integrationKey: providerConfigKey, connectionId }
    const connection = await this.call<ConnectionInfo>('getConnection', { connection: other })
    return Object.defineProperty(connection, 'credentials', { get: refuseCredentials })
  }

  async getMetadata<T>(): Promise<T> {
    const metadata = await this.call('getMetadata', {})
    if (this.#schemas.metadata === undefined) return metadata as T
    return validate(this.#schemas.metadata, metadata, "The connection's metadata") as T
  }

  async setMetadata(metadata: Metadata): Promise<void> {
    await this.call('setMetadata', { metadata })
  }

  async updateMetadata(metadata: Metadata): Promise<void> {
    await this.call('updateMetadata', { metadata })
  }

  getIntegration(): Promise<IntegrationInfo> {
    return this.call('getIntegration', {})
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

  tryAcquireLock({ key, ttlMs }: { key: string; ttlMs: number }): Promise<boolean> {
    return this.call('acquireLock', { key, ttlMs })
  }

  releaseLock({ key }: { key: string }): Promise<boolean> {
    return this.call('releaseLock', { key })
  }

  async log(...message: readonly [unknown, ...unknown[]]): Promise<void> {
    const level = message.length > 1 ? levelOf(message.at(-1)) : null
    const words = level === null ? message : message.slice(0, -1)
    this.#host.log(level ?? 'info', words.map(wordOf).join(' '))
  }

  async zodValidateInput<T>(check: { zodSchema: z.core.$ZodType<T>; input: unknown }): Promise<{
    success: true
    data: T
  }> {
    return { success: true, data: validate(check.zodSchema, check.input, 'The input') }
  }

  getToken(): Promise<never> {
    return refuse('getToken', 'Call the API with get, post, put, patch, delete or proxy.')
  }

  uncontrolledFetch(_options: unknown): Promise<never> {
    return refuse('uncontrolledFetch', 'Call the API with get, post, put, patch, delete or proxy.')
  }

  triggerAction(..._args: readonly unknown[]): Promise<never> {
    return refuse('triggerAction', 'Import the code that both functions need from a relative file.')
  }

  triggerSync(..._args: readonly unknown[]): Promise<never> {
    return refuse('triggerSync', 'Start the sync from the product.')
  }

  startSync(..._args: readonly unknown[]): Promise<never> {
    return refuse('startSync', 'Start the sync from the product.')
  }

  getWebhookURL(): Promise<never> {
    return refuse('getWebhookURL', 'Poll the API in a sync.')
  }

  protected async call<T>(method: string, args: unknown): Promise<T> {
    return (await this.#host.call(method, args)) as T
  }

  async #send<T>(config: ProxyConfiguration, method: HttpMethod): Promise<HttpResponse<T>> {
    return (await sendRequest(this.#host, config, method)) as HttpResponse<T>
  }
}

function levelOf(value: unknown): LogLevel | null {
  if (typeof value !== 'object' || value === null) return null
  const { level } = value as { level?: unknown }
  return logLevels.includes(level) ? (level as LogLevel) : null
}

function wordOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Error) return value.message
  return JSON.stringify(value) ?? String(value)
}

async function refuse(member: string, remedy: string): Promise<never> {
  const message = `ctx.${member} is not available in a function.`
  throw new PlumbError({ code: 'function-invalid', message, remedy })
}

function refuseCredentials(): never {
  throw new PlumbError({
    code: 'function-invalid',
    message: 'The credentials of a connection are not available in a function.',
    remedy: 'Call the API with get, post, put, patch, delete or proxy: the gateway adds them.',
  })
}
