import type { Connection, Credential, Provider, ReceiptDraft } from '@plumb/protocol'
import { ReplayTransport } from '@plumb/sdk/replay'
import type { Account } from './account.js'
import { baseAddressOf } from './base-address.js'
import type { Clock } from './clock.js'
import { virtualClock } from './clock.js'
import { ConnectionClient } from './connection-client.js'
import type { CallContext, ReplayGateway } from './connection-gateway.js'
import { Exchanger } from './exchanger.js'
import type { Recorder } from './exchanger.js'
import { defaultTimeoutMs } from './prepare-request.js'
import { secretMark } from './redaction.js'
import type { BaseAddress } from './resolve-url.js'
import type { Recording } from './transport.js'

export type ReplayOptions = {
  readonly provider: Provider
  readonly connection: Connection
  readonly recordings: readonly Recording[]
  /** The integration's own base URL, when it had one at the time of the recording. */
  readonly baseUrl?: string
  /** Default: starts with the first recording and jumps by what is waited for. */
  readonly clock?: Clock
  readonly context?: Pick<CallContext, 'writeLimit' | 'allowWrites' | 'reads'>
}

/** The gateway of a live run with its transport swapped: strict, without network and credentials. */
export function openReplayGateway(options: ReplayOptions): ReplayGateway {
  const { provider, connection, recordings } = options
  const address = replayAddress(options)
  const baseUrls = [address.baseUrl, address.providerBaseUrl]
  const transport = new ReplayTransport(recordings, { provider, baseUrls })
  const receipts: ReceiptDraft[] = []
  const recorder: Recorder = {
    async append(draft) {
      receipts.push(draft)
    },
    async created() {},
  }
  const clock = options.clock ?? virtualClock(startOf(recordings))
  const exchanger = new Exchanger({
    origin: originOf(connection),
    transport,
    recorder,
    clock,
    newId: () => `replay-${receipts.length + 1}`,
  })
  const client = new ConnectionClient({
    target: { provider, connection, address, timeoutMs: defaultTimeoutMs },
    account: placeholderAccount(provider),
    exchanger,
    recorder,
    clock,
    random: () => 0,
    context: { purpose: 'verification', ...options.context },
    probes: false,
  })
  return {
    connection,
    provider,
    pagination: client.pagination,
    get calls() {
      return client.calls
    },
    request: (request, signal) => client.request(request, signal),
    check: (signal) => client.check(signal),
    credential: (o, signal) => client.credential(o, signal),
    callOutside: (request, signal) => client.callOutside(request, signal),
    ...(provider.auth.mode === 'oauth2' && {
      oauthClient: { clientId: secretMark, clientSecret: secretMark },
    }),
    unused: () => transport.unused(),
    unknown: () => transport.unknown(),
    receipts: () => [...receipts],
  }
}

function originOf({ integrationKey, connectionId }: Connection) {
  return { integrationKey, connectionId, attemptId: null, executionId: null, chain: 'replay' }
}

function startOf(recordings: readonly Recording[]): number {
  const at = recordings.find(({ startedAt }) => startedAt !== null)?.startedAt
  return at === undefined || at === null ? 0 : Date.parse(at)
}

/** Whatever the live gateway let pass is a host of the connection; a link in an answer may lead there again. */
function replayAddress(options: ReplayOptions): BaseAddress {
  const { provider, connection, recordings } = options
  const integration = options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }
  const address = baseAddressOf(provider, integration, connection)
  return { ...address, origins: recordings.flatMap(originsOf) }
}

/** Where a recording went; a fixture does not say that, so the origins its answer mentions stand in. */
function originsOf({ request, answer }: Recording): string[] {
  if (/^https?:\/\//.test(request.url)) return [new URL(request.url).origin]
  if (answer.kind === 'failure') return []
  const mentioned = [answer.body.text, ...Object.values(answer.headers)].join('\n')
  return mentioned.match(/https?:\/\/[\w.-]+(:\d+)?/g) ?? []
}

/** Recordings hold the mark where the secret was, so the same mark is sent. */
function placeholderAccount(provider: Provider): Account {
  const credential = placeholder(provider.auth.mode)
  return {
    current: async () => ({ kind: 'usable', credential, version: 1 }),
    renew: async () => null,
    markLost: async () => undefined,
  }
}

/** Of the kind that a live connection has, so that a function which reads it finds the same members. */
function placeholder(mode: Provider['auth']['mode']): Credential {
  switch (mode) {
    case 'basic':
      return { kind: 'basic', username: 'replay', password: secretMark }
    case 'api-key':
      return { kind: 'api-key', apiKey: secretMark }
    case 'oauth2':
    case 'mcp-oauth2':
      return { kind: 'oauth2', accessToken: secretMark, scopes: [] }
    case 'oauth1':
      return { kind: 'oauth1', token: secretMark, tokenSecret: secretMark }
    case 'aws-sigv4':
      return { kind: 'aws', accessKeyId: 'replay', secretAccessKey: secretMark }
    default:
      return { kind: 'bearer', token: secretMark }
  }
}
