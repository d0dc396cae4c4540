import { paginationSchema, PlumbError } from '@plumb/protocol'
import type { Pagination, Provider, ProviderRequest, RunContext } from '@plumb/protocol'
import type { HostChannel, LogLevel } from '../host-channel.js'
import { ReplayTransport } from '../replay/replay-transport.js'
import type { ReplayRequest } from '../replay/replay-transport.js'
import { bytesOf, wireBody } from '../replay/wire-body.js'
import type { RequestAnswer } from '../runner/send-request.js'
import { allowedOrigin, replayBaseUrls } from './allowed-origin.js'
import { ReplayRecords } from './replay-records.js'
import type { RecordedRun } from './recorded-run.js'

type Members = Record<string, unknown>
type Method = (args: Members) => unknown
type SentRequest = Pick<ProviderRequest, 'endpoint' | 'query' | 'body' | 'headers'> &
  Pick<ProviderRequest, 'retries' | 'retryOn'> & { readonly method: string }
type OutsideRequest = Pick<ProviderRequest, 'headers' | 'body'> & {
  readonly url: string
  readonly method: string
}

/** The host of a strict replay: provider calls are served from the recordings, state is kept in memory. */
export class ReplayHost implements HostChannel {
  readonly context: RunContext
  readonly transport: ReplayTransport
  readonly records = new ReplayRecords()
  readonly logs: { readonly level: LogLevel; readonly message: string }[] = []
  readonly #provider: Provider | null
  readonly #baseUrls: readonly string[]
  readonly #methods: ReadonlyMap<string, Method>

  constructor(run: RecordedRun, provider: Provider | null) {
    const connection = membersOf(run.members['getConnection'])
    const baseUrls = replayBaseUrls(provider, connection)
    this.#provider = provider
    this.#baseUrls = baseUrls
    this.transport = new ReplayTransport(run.recordings, { baseUrls, provider })
    this.context = {
      connectionId: textOf(connection['connection_id'], 'recorded-connection'),
      providerConfigKey: textOf(connection['provider_config_key'], provider?.name ?? 'recorded'),
      provider: provider?.name ?? textOf(connection['provider'], 'recorded'),
      variant: 'base',
      lastSyncDate: null,
      pagination: provider?.proxy.paginate ?? recordedPagination(run),
    }
    const state = { ...connectionState(run, this.context), ...lockState() }
    const request: Method = (args) => this.#request(args as ProviderRequest)
    const uncontrolledFetch: Method = (args) => this.#fetch(args as OutsideRequest)
    this.#methods = new Map<string, Method>([
      ...Object.entries({ ...state, request, uncontrolledFetch }),
      ...Object.entries(this.records.methods),
    ])
  }

  async call(method: string, args: unknown): Promise<unknown> {
    const run = this.#methods.get(method)
    if (run === undefined) throw notRecorded(method)
    // What crosses to a real host is JSON.
    return run(JSON.parse(JSON.stringify(args ?? {})) as Members)
  }

  log(level: LogLevel, message: string): void {
    this.logs.push({ level, message })
  }

  /** Without credentials, so to any host. */
  async #fetch({ url, ...call }: OutsideRequest): Promise<unknown> {
    const more = { query: [], retries: 0, retryOn: [] }
    return { ...(await this.#send({ ...call, endpoint: url, ...more })), url }
  }

  async #request(request: ProviderRequest): Promise<RequestAnswer> {
    allowedOrigin(request.endpoint, this.#provider, this.#baseUrls)
    return this.#send(request)
  }

  async #send(request: SentRequest): Promise<RequestAnswer> {
    const asked = this.#asked(request)
    for (let retry = 0; ; retry += 1) {
      const answer = await this.transport.send(asked)
      const again = retry < request.retries && this.transport.answers(asked)
      if (answer.kind === 'failure') {
        if (again) continue
        return { kind: 'unreachable', code: answer.code, message: answer.message }
      }
      if (again && isTransient(answer.status, request)) continue
      const { status, headers, body } = answer
      return {
        kind: 'answered',
        response: { status, headers: { ...headers }, body: wireBody(body) },
      }
    }
  }

  /** Recordings leave the path of a base URL out, which only the provider's entry could tell. */
  #asked(request: SentRequest): ReplayRequest {
    const body = request.body === null ? null : bytesOf(request.body)
    const { method, headers } = request
    const asked = (url: string): ReplayRequest => ({ method, headers, body, url })
    const whole = withQuery(request)
    const candidates = [whole, ...withoutBasePath(whole)]
    const found = candidates.find((url) => this.transport.answers(asked(url)))
    return asked(found ?? whole)
  }
}

function withQuery({ endpoint, query }: SentRequest): string {
  if (query.length === 0) return endpoint
  const text = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
  return `${endpoint}${endpoint.includes('?') ? '&' : '?'}${text}`
}

function encode(text: string): string {
  return encodeURIComponent(text)
}

function* withoutBasePath(address: string): Generator<string> {
  if (!/^https?:\/\//.test(address)) return
  const { pathname, search } = new URL(address)
  const steps = pathname.split('/').slice(1)
  for (let left = 1; left < Math.min(steps.length, 5); left += 1) {
    yield steps.slice(left).join('/') + search
  }
}

function isTransient(status: number, { retryOn }: SentRequest): boolean {
  return status === 429 || status >= 500 || retryOn.includes(status)
}

function connectionState(run: RecordedRun, context: RunContext): Record<string, Method> {
  const { members } = run
  let metadata = membersOf(members['getMetadata'])
  let checkpoint: unknown = members['getCheckpoint'] ?? null
  const connection = {
    connection_id: context.connectionId,
    provider_config_key: context.providerConfigKey,
    connection_config: {},
    ...membersOf(members['getConnection']),
  }
  const recorded = (name: string, otherwise: unknown) => () => members[name] ?? otherwise
  return {
    getConnection: () => ({ metadata, ...connection }),
    getMetadata: () => metadata,
    setMetadata: (args) => (metadata = membersOf(args['metadata'])),
    updateMetadata: (args) => (metadata = { ...metadata, ...membersOf(args['metadata']) }),
    getCheckpoint: () => checkpoint,
    saveCheckpoint: (args) => void (checkpoint = args['checkpoint']),
    clearCheckpoint: () => void (checkpoint = null),
    getToken: recorded('getToken', 'recorded-token'),
    getIntegration: recorded('getIntegration', {
      unique_key: context.providerConfigKey,
      provider: context.provider,
    }),
    getEnvironmentVariables: recorded('getEnvironmentVariables', []),
    getWebhookURL: recorded('getWebhookURL', 'https://example.com/webhook'),
    triggerAction: recorded('triggerAction', null),
    triggerSync: recorded('triggerSync', null),
    startSync: recorded('startSync', null),
  }
}

function lockState(): Record<string, Method> {
  const locks = new Set<unknown>()
  return {
    // One execution alone: all locks are free, or its own, which it may take again.
    acquireLock: ({ key }) => {
      locks.add(key)
      return true
    },
    releaseLock: ({ key }) => locks.delete(key),
  }
}

/** The provider's default, as a recording keeps it. */
function recordedPagination({ members }: RecordedRun): Pagination | null {
  const found = paginationSchema.safeParse(membersOf(members['recorded'])['pagination'])
  return found.success ? found.data : null
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? { ...(value as Members) } : {}
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}

function notRecorded(method: string): PlumbError {
  return new PlumbError({
    code: 'runner-protocol',
    message: `A replay has no "${method}".`,
    remedy: 'Leave the call out, or test the function with a dry run.',
  })
}
