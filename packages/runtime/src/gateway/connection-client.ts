import { PlumbError } from '@plumb/protocol'
import type {
  Connection,
  OutsideAnswer,
  OutsideRequest,
  Pagination,
  Provider,
  ProviderCall,
  ProviderRequest,
} from '@plumb/protocol'
import type { Account, CurrentCredential } from './account.js'
import { jsonIn, valueAt, wireBody } from './body-value.js'
import type { Clock } from './clock.js'
import type {
  CallContext,
  ConnectionCheck,
  ConnectionGateway,
  GatewayAnswer,
} from './connection-gateway.js'
import { createdResource } from './created-resource.js'
import type { Exchange, Exchanger, Recorder } from './exchanger.js'
import { denialOf, judgeAccess } from './judge-access.js'
import { OutsideCaller } from './outside-caller.js'
import { planRequest, sealRequest } from './prepare-request.js'
import type { Plan, Target } from './prepare-request.js'
import { nextHop } from './redirect.js'
import { delayBeforeRetry, isRateLimited } from './retry-rule.js'
import { createWriteRule, isRepeatable, WriteBudget } from './write-rule.js'
import type { WriteRule } from './write-rule.js'

export type ClientParts = {
  readonly target: Target
  readonly account: Account
  readonly exchanger: Exchanger
  readonly recorder: Recorder
  readonly clock: Clock
  /** From 0 to below 1. */
  readonly random: () => number
  readonly context: Pick<
    CallContext,
    'purpose' | 'writeLimit' | 'allowWrites' | 'reads' | 'onStoppedWrite'
  >
  /** False in a replay, where a refusal is just an answer that was recorded. */
  readonly probes: boolean
  /** Ends every call but a refresh of the credential. */
  readonly stop?: AbortSignal | undefined
  readonly oauthClient?: ConnectionGateway['oauthClient']
}

type Call = Plan & {
  readonly write: boolean
  readonly purpose: CallContext['purpose']
}

/** What the caller is told instead of an exception. Everything else is a defect or an outage of our own. */
const refusals = new Set([
  'host-not-allowed',
  'request-invalid',
  'connection-invalid',
  'credential-refresh-failed',
  'replay-unknown-request',
])

/** The one implementation of a connection's gateway, live and in replay. */
export class ConnectionClient implements ConnectionGateway {
  readonly connection: Connection
  readonly provider: Provider
  readonly pagination: Pagination | null
  readonly oauthClient: ConnectionGateway['oauthClient']
  readonly #parts: ClientParts
  readonly #isWrite: WriteRule
  readonly #writes: WriteBudget
  readonly #outside: OutsideCaller

  constructor(parts: ClientParts) {
    this.#parts = parts
    this.connection = parts.target.connection
    this.provider = parts.target.provider
    this.oauthClient = parts.oauthClient
    this.pagination = this.provider.proxy.paginate ?? null
    this.#isWrite = createWriteRule(this.provider, parts.context.reads)
    this.#writes = new WriteBudget(parts.context)
    this.#outside = new OutsideCaller({
      ...{ ...parts, purpose: parts.context.purpose },
      takeWrite: (write) => this.#takeWrite(write),
    })
  }

  get calls(): readonly ProviderCall[] {
    return this.#parts.exchanger.calls
  }

  async request(request: ProviderRequest, cancel?: AbortSignal): Promise<GatewayAnswer> {
    const signal = this.#stoppable(cancel)
    return this.#refusable(async () => {
      const call = this.#accept(request)
      for (let retry = 0; ; retry++) {
        const sent = await this.#send(call, signal)
        if (sent.kind === 'lost') return { kind: 'access-lost', cause: sent.cause }
        const delay = this.#delay(call, sent.exchange, retry)
        if (delay === null) return this.#answer(call, sent.exchange, signal)
        await this.#parts.clock.wait(delay, signal)
      }
    })
  }

  async credential(o: { readonly renew: boolean }, cancel?: AbortSignal) {
    const { account } = this.#parts
    const current = await account.current(cancel)
    if (current.kind === 'lost' || !o.renew) return current
    return (await account.renew(current.version, cancel)) ?? current
  }

  callOutside(request: OutsideRequest, cancel?: AbortSignal): Promise<OutsideAnswer> {
    return this.#outside.call(request, this.#stoppable(cancel))
  }

  async check(cancel?: AbortSignal): Promise<ConnectionCheck> {
    const signal = this.#stoppable(cancel)
    return this.#refusable(async () => {
      const probe = this.#probeCall()
      if (probe === null) return { kind: 'unchecked' }
      const sent = await this.#send(probe, signal)
      if (sent.kind === 'lost') return { kind: 'access-lost', cause: sent.cause }
      const { answer, receiptId } = sent.exchange
      const receiptIds = [receiptId]
      if (answer.kind === 'failure') {
        return { kind: 'unreachable', code: answer.code, message: answer.message, receiptIds }
      }
      if (answer.status >= 200 && answer.status < 300) return { kind: 'ok', receiptIds }
      return { kind: 'failed', status: answer.status, receiptIds }
    })
  }

  #stoppable(cancel: AbortSignal | undefined): AbortSignal | undefined {
    const signals = [cancel, this.#parts.stop].filter((signal) => signal !== undefined)
    return signals.length > 1 ? AbortSignal.any(signals) : signals[0]
  }

  async #refusable<T>(act: () => Promise<T>): Promise<T | { kind: 'refused'; error: PlumbError }> {
    try {
      return await act()
    } catch (error) {
      if (error instanceof PlumbError && refusals.has(error.code)) return { kind: 'refused', error }
      throw error
    }
  }

  #accept(request: ProviderRequest): Call {
    this.#refuseOtherConnection(request)
    const plan = planRequest(request, this.#parts.target)
    const write = this.#isWrite(request, plan.path)
    if (write) this.#takeWrite(plan)
    return { ...plan, write, purpose: this.#parts.context.purpose }
  }

  #takeWrite(write: Pick<Plan, 'method' | 'url' | 'headers' | 'body'> & { path?: string }): void {
    this.#tellStopped(write)
    this.#writes.take(`${write.method} ${write.path ?? write.url.href}`)
  }

  #tellStopped({
    method,
    url,
    headers,
    body,
  }: Pick<Plan, 'method' | 'url' | 'headers' | 'body'>): void {
    const { allowWrites = true, onStoppedWrite } = this.#parts.context
    if (allowWrites) return
    onStoppedWrite?.({
      method,
      url: url.href,
      headers,
      body: body === null ? null : wireBody(body),
    })
  }

  #refuseOtherConnection({ connection }: ProviderRequest): void {
    const { integrationKey, connectionId } = this.connection
    if (connection === null) return
    if (connection.integrationKey === integrationKey && connection.connectionId === connectionId)
      return
    throw new PlumbError({
      code: 'request-invalid',
      message: `The call asks for connection "${connection.connectionId}" of "${connection.integrationKey}", but this execution has "${connectionId}" of "${integrationKey}".`,
      remedy: 'Leave connectionId and providerConfigKey out of the call.',
    })
  }

  /** One try: with the current credential, once more with a renewed one, and a verdict on lost access. */
  async #send(
    call: Call,
    signal?: AbortSignal,
  ): Promise<{ kind: 'sent'; exchange: Exchange } | Lost> {
    const current = await this.#parts.account.current(signal)
    if (current.kind === 'lost') return current
    const first = await this.#follow(call, current, signal)
    const denial = this.#denial(first)
    if (denial === null) return { kind: 'sent', exchange: first }
    if (denial.kind === 'missing-scope')
      return this.#judge(call, first, { renewed: current, signal })
    const renewed = await this.#parts.account.renew(current.version, signal)
    if (renewed === null) return this.#judge(call, first, { renewed: current, signal })
    if (renewed.kind === 'lost') return renewed
    const second = await this.#follow(call, renewed, signal)
    return this.#judge(call, second, { renewed, signal })
  }

  #denial(exchange: Exchange) {
    if (!this.#parts.probes) return null
    const { answer } = exchange
    if (answer.kind === 'response' && isRateLimited(this.provider, answer)) return null
    return denialOf(this.provider, exchange)
  }

  async #judge(
    call: Call,
    exchange: Exchange,
    o: { readonly renewed: Usable; readonly signal: AbortSignal | undefined },
  ): Promise<{ kind: 'sent'; exchange: Exchange } | Lost> {
    const denial = this.#denial(exchange)
    if (denial === null) return { kind: 'sent', exchange }
    const probeCall = call.purpose === 'probe' ? null : this.#probeCall()
    const probe = probeCall === null ? null : await this.#follow(probeCall, o.renewed, o.signal)
    const cause = judgeAccess(this.#parts.target, { exchange, denial }, probe)
    if (cause === null) return { kind: 'sent', exchange }
    if (cause.kind === 'access-revoked') await this.#parts.account.markLost(o.renewed.version)
    return { kind: 'lost', cause }
  }

  #probeCall(): Call | null {
    const check = this.provider.proxy.check
    if (check === undefined || !this.#parts.probes) return null
    const request: ProviderRequest = {
      method: check.method as ProviderRequest['method'],
      endpoint: check.endpoint,
      headers: {},
      query: [],
      body: null,
      retries: 0,
      retryOn: [],
      retryHeader: null,
      expectedStatus: [],
      connection: null,
    }
    return { ...planRequest(request, this.#parts.target), write: false, purpose: 'probe' }
  }

  async #follow(call: Call, current: Usable, signal?: AbortSignal): Promise<Exchange> {
    let step: Call = call
    for (let hops = 0; ; hops++) {
      const { prepared, redaction } = sealRequest(step, this.#parts.target, current.credential)
      const handling = { purpose: call.purpose, write: call.write, redaction: () => redaction }
      const exchange = await this.#parts.exchanger.exchange(prepared, handling, signal)
      const next = nextHop(step, exchange.answer, hops)
      if (next === null) return exchange
      step = { ...call, ...next }
    }
  }

  #delay(call: Call, exchange: Exchange, retry: number): number | null {
    return delayBeforeRetry(exchange.answer, {
      provider: this.provider,
      request: call.request,
      repeatable: isRepeatable(call.request, call.write),
      retry,
      now: this.#parts.clock.now(),
      random: this.#parts.random(),
    })
  }

  async #answer(call: Call, exchange: Exchange, signal?: AbortSignal): Promise<GatewayAnswer> {
    const { answer, call: made } = exchange
    if (answer.kind === 'failure') {
      if (answer.code === 'aborted') signal?.throwIfAborted()
      if (answer.code === 'private-address') throw privateAddress(call, answer.message)
      return { kind: 'unreachable', code: answer.code, message: answer.message, call: made }
    }
    await this.#keepCreated(call, exchange)
    const { status, headers, body } = answer
    return {
      kind: 'answered',
      response: { status, headers: { ...headers }, body: wireBody(body) },
      call: made,
    }
  }

  async #keepCreated(call: Call, { answer, call: made, receiptId }: Exchange): Promise<void> {
    if (!call.write || answer.kind !== 'response') return
    const { successPath } = this.provider.proxy
    if (successPath !== undefined && !valueAt(jsonIn(answer.body), successPath)) return
    const resource = createdResource({ ...made, body: call.body }, answer)
    if (resource === null) return
    const createdAt = new Date(this.#parts.clock.now()).toISOString()
    await this.#parts.recorder.created({ ...resource, receiptId, createdAt })
  }
}

type Lost = Extract<CurrentCredential, { kind: 'lost' }>
type Usable = Extract<CurrentCredential, { kind: 'usable' }>

function privateAddress(call: Plan, message: string): PlumbError {
  return new PlumbError({
    code: 'host-not-allowed',
    message: `"${call.method} ${call.url.origin}" was not sent: ${message}.`,
    remedy: 'An account on a private address needs that address as `baseUrl` of its integration.',
  })
}
