import { apiContracts, PlumbError } from '@plumb/protocol'
import type { Contract } from '@plumb/protocol'
import type { CallOptions, PlumbClient } from './plumb-client.js'
import { proxyRequest } from './proxy-call.js'
import type { ProxyCall } from './proxy-call.js'
import { readAnswer, refuseFailure, sendCall } from './send-call.js'
import type { Sender } from './send-call.js'
import { wireCallOf } from './wire-call.js'

export type ClientOptions = {
  /** Of the server, such as `https://plumb.example.com`. */
  readonly url: string
  readonly secretKey: string
  /** Default: the global one. */
  readonly fetch?: typeof fetch
  /** How often a call that may be repeated is sent again when the server is busy or out of reach. Default 2. */
  readonly retries?: number
}

/** A client of one environment of a Plumb server, typed from what a server can be asked. Throws PlumbError `usage` for a wrong address. */
export function createClient(options: ClientOptions): PlumbClient {
  const sender: Sender = {
    url: addressOf(options.url),
    secretKey: options.secretKey,
    fetch: options.fetch ?? globalThis.fetch,
    retries: options.retries ?? 2,
    wait,
    random: Math.random,
  }
  const groups = Object.entries(apiContracts).map(([group, contracts]) => [
    group,
    groupOf(contracts, sender),
  ])
  const derived = Object.fromEntries(groups) as PlumbClient
  const { records } = derived
  return {
    ...derived,
    records: { ...records, each: (input, options) => eachRecord(records, input, options) },
    proxy: (call: ProxyCall) => callProxy(call, sender),
  }
}

function groupOf(contracts: Readonly<Record<string, Contract>>, sender: Sender) {
  const methods = Object.entries(contracts).map(([verb, contract]) => [
    verb,
    (input: Readonly<Record<string, unknown>> = {}, options: CallOptions = {}) =>
      call(contract, { ...input }, { sender, ...options }),
  ])
  return Object.fromEntries(methods) as Readonly<Record<string, unknown>>
}

async function call(
  contract: Contract,
  input: Readonly<Record<string, unknown>>,
  { sender, signal }: CallOptions & { readonly sender: Sender },
): Promise<unknown> {
  const request = { ...wireCallOf(contract, input), ...(signal && { signal }) }
  return readAnswer(await sendCall(request, sender), sender)
}

type Records = PlumbClient['records']

async function* eachRecord(
  records: Pick<Records, 'list'>,
  input: Parameters<Records['list']>[0],
  options?: CallOptions,
) {
  let cursor = input.cursor
  for (;;) {
    const page = await records.list({ ...input, ...(cursor !== undefined && { cursor }) }, options)
    yield* page.records
    if (page.next_cursor === null) return
    cursor = page.next_cursor
  }
}

async function callProxy(given: ProxyCall, sender: Sender): Promise<Response> {
  return refuseFailure(await sendCall(proxyRequest(given), sender), sender)
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason instanceof Error ? signal.reason : new Error('The call was aborted.'))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

function addressOf(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, '')
  throw new PlumbError({
    code: 'usage',
    message: `"${url}" is not the address of a Plumb server.`,
    remedy: 'Give an http or https address, such as https://plumb.example.com.',
  })
}
