import { vi } from 'vitest'
import type { Mock } from 'vitest'
import { fetchResponse } from '../fetch-response.js'
import { ActionError } from './action-error.js'
import { openCompatFixture } from './open-compat-fixture.js'
import type { CompatAnswer, ContextMember } from './compat-fixture.js'
import type { CompatRequest } from './compat-identity.js'
import type { CompatPagination } from './compat-pages.js'
import { fixtureMissing } from './fixture-errors.js'
import { recordedPages } from './recorded-pages.js'
import type { PagedRequest } from './recorded-pages.js'

/** `dirname` is the folder of the test, `name` the function's, `Model` what it returns or saves. */
export type MockOptions = {
  readonly dirname: string
  readonly name: string
  readonly Model: string
}

type Send = (request: CompatRequest) => Promise<CompatAnswer>
type Lock = { readonly key: string }
type Fetched = { readonly url: URL | string; readonly method?: string; readonly body?: unknown }

/** A context of actions and on-event functions that answers from recordings; every member is a spy. */
export class NangoActionMock {
  readonly dirname: string
  readonly name: string
  readonly Model: string
  readonly providerConfigKey: string
  readonly connectionId = 'recorded-connection'
  readonly ActionError = ActionError
  readonly #open: () => ReturnType<typeof openCompatFixture>
  readonly #locks = new Set<string>()
  #checkpoint: unknown = null

  log = vi.fn(async (..._words: unknown[]): Promise<void> => undefined)
  get = this.#verb('get')
  post = this.#verb('post')
  put = this.#verb('put')
  patch = this.#verb('patch')
  delete = this.#verb('delete')
  proxy: Mock<Send> = vi.fn(async (request) => this.#answer(request, request.method ?? 'get'))
  paginate = vi.fn((request: PagedRequest) =>
    recordedPages(this.#open(), request, this.defaultPagination(this.providerConfigKey)),
  )
  getConnection = this.#recorded('getConnection')
  getMetadata = this.#recorded('getMetadata')
  setMetadata = this.#recorded('updateMetadata')
  updateMetadata = this.#recorded('updateMetadata')
  getIntegration = this.#recorded('getIntegration', () => this.#missing('getIntegration'))
  getToken = this.#recorded('getToken', () => this.#missing('getToken'))
  getEnvironmentVariables = this.#recorded('getEnvironmentVariables', () => [])
  getWebhookURL = vi.fn((): string => 'https://example.com/webhook')
  uncontrolledFetch = vi.fn(async ({ url, method = 'GET', body }: Fetched) => {
    const answer = this.#answer({ endpoint: String(url), data: body }, method)
    return fetched(String(url), answer)
  })
  zodValidateInput = vi.fn(({ input }: { readonly input: unknown }) => ({ data: input }))
  deleteRecordsFromPreviousExecutions = this.#recorded('deleteRecordsFromPreviousExecutions')
  trackDeletesStart = this.#recorded('trackDeletesStart')
  trackDeletesEnd = this.#recorded('trackDeletesEnd')
  getCheckpoint = vi.fn(async (): Promise<unknown> => this.#checkpoint)
  saveCheckpoint = vi.fn(async (checkpoint: unknown): Promise<void> => {
    this.#checkpoint = checkpoint
  })
  clearCheckpoint = vi.fn(async (): Promise<void> => {
    this.#checkpoint = null
  })
  tryAcquireLock = vi.fn(async ({ key }: Lock): Promise<boolean> => {
    const isFree = !this.#locks.has(key)
    this.#locks.add(key)
    return isFree
  })
  releaseLock = vi.fn(async ({ key }: Lock): Promise<boolean> => this.#locks.delete(key))
  releaseAllLocks = vi.fn(async (): Promise<void> => this.#locks.clear())
  triggerAction = vi.fn(async (..._args: unknown[]): Promise<unknown> => undefined)
  triggerSync = vi.fn(async (..._args: unknown[]): Promise<unknown> => undefined)
  startSync = vi.fn(async (..._args: unknown[]): Promise<unknown> => undefined)

  constructor({ dirname, name, Model }: MockOptions) {
    this.dirname = dirname
    this.name = name
    this.Model = Model
    this.providerConfigKey = dirname.split('/').at(-2) ?? ''
    const fixture = openCompatFixture(dirname, name)
    this.#open = () => fixture
    this.#yieldToPatches()
  }

  /** The recorded input; undefined when the function takes none. */
  async getInput(): Promise<unknown> {
    return this.#open().input()
  }

  /** The recorded output. Rejects with PlumbError `fixture-missing` when there is none. */
  async getOutput(): Promise<unknown> {
    return this.#open().output()
  }

  /** The records that the recorded run saved for a model. */
  async getBatchSaveData(modelName?: string): Promise<unknown> {
    return this.#open().batch('batchSave', modelName)
  }

  /** The records that the recorded run deleted of a model. */
  async getBatchDeleteData(modelName?: string): Promise<unknown> {
    return this.#open().batch('batchDelete', modelName)
  }

  /** The provider's pagination, for calls that leave options out; without it they are read off the recordings. */
  protected defaultPagination(_providerConfigKey: string): CompatPagination | null {
    return null
  }

  /** A spy whose recorded result is returned, or what `otherwise` gives. */
  protected recordedMember(member: ContextMember, otherwise?: () => unknown) {
    return this.#recorded(member, otherwise)
  }

  /** Existing functions give the class what it lacked once; their member must not stand behind ours. */
  #yieldToPatches(): void {
    const prototype = Object.getPrototypeOf(this) as object
    for (const name of ['getToken', 'uncontrolledFetch', 'getIntegration'] as const) {
      if (name in prototype) Reflect.deleteProperty(this, name)
    }
  }

  /** Nothing is made up: a function that can do without takes the way it took when it was recorded. */
  #missing(member: ContextMember): never {
    throw fixtureMissing(member, `the fixture of "${this.name}"`)
  }

  #verb(method: string): Mock<Send> {
    return vi.fn(async (request: CompatRequest) => this.#answer(request, method))
  }

  #answer(request: CompatRequest, method: string): CompatAnswer {
    return this.#open().answer(request, method)
  }

  #recorded(member: ContextMember, otherwise?: () => unknown) {
    return vi.fn(async (..._args: unknown[]): Promise<unknown> => {
      const value = this.#open().member(member)
      return value === undefined ? otherwise?.() : value
    })
  }
}

function fetched(url: string, { data, status, headers }: CompatAnswer): Response {
  const text = typeof data === 'string' ? data : JSON.stringify(data ?? null)
  return fetchResponse({
    url,
    status: typeof status === 'number' ? status : 200,
    headers: (headers ?? {}) as Record<string, string>,
    body: Uint8Array.from(Buffer.from(text)),
  })
}
