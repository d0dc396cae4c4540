import type { ProviderCall, ProviderRequest } from '@plumb/protocol'
import type { GatewayAnswer } from '@plumb/runtime'
import { errorBody } from './error-bodies.js'
import type { ErrorShape } from './error-bodies.js'
import type { SoftError } from './soft-error.js'

export type Fault =
  | { readonly kind: 'status'; readonly status: number }
  /** No answer arrived, and nobody knows whether the provider has seen the request. */
  | { readonly kind: 'silence'; readonly code: 'timeout' | 'connection-reset' }
  /** 200 with something that is not what the API answers. */
  | { readonly kind: 'nonsense'; readonly body: 'truncated' | 'empty' | 'html' }
  /** 200 with a body in which the API says that the call failed. */
  | { readonly kind: 'soft'; readonly error: SoftError }

const statuses = [400, 401, 403, 404, 409, 410, 422, 429, 500, 503]

export const allFaults: readonly Fault[] = [
  ...statuses.map((status) => ({ kind: 'status', status }) as const),
  { kind: 'silence', code: 'timeout' },
  { kind: 'silence', code: 'connection-reset' },
  { kind: 'nonsense', body: 'truncated' },
  { kind: 'nonsense', body: 'empty' },
  { kind: 'nonsense', body: 'html' },
]

/** For calls after the first: one fault of each sort. */
export const fewFaults: readonly Fault[] = allFaults.filter(
  (fault) =>
    (fault.kind === 'status' && [401, 403, 404, 422, 500].includes(fault.status)) ||
    (fault.kind === 'silence' && fault.code === 'timeout') ||
    (fault.kind === 'nonsense' && fault.body === 'html'),
)

/** Statuses that are asked for again with errors of another shape. */
export const readFaults: readonly Fault[] = [401, 403, 404, 422, 500].map(
  (status) => ({ kind: 'status', status }) as const,
)

export function faultText(fault: Fault): string {
  if (fault.kind === 'status') return String(fault.status)
  if (fault.kind === 'silence') return fault.code
  if (fault.kind === 'soft') return fault.error.text
  return fault.body === 'html' ? '200 with an HTML page' : `200 with ${article(fault.body)} body`
}

function article(word: 'truncated' | 'empty'): string {
  return word === 'empty' ? 'an empty' : 'a truncated'
}

/** After it nobody knows whether a write has happened. */
export function isAmbiguous(fault: Fault): boolean {
  return fault.kind === 'silence' || (fault.kind === 'status' && fault.status >= 500)
}

export type FaultPlace = {
  readonly request: ProviderRequest
  readonly write: boolean
  /** Text of the right answer. */
  readonly recorded: string
  readonly shape: ErrorShape
}

/** The answer of a gateway to `request` when this goes wrong. */
export function faultAnswer(fault: Fault, o: FaultPlace): GatewayAnswer {
  const call: ProviderCall = {
    receiptId: null,
    method: o.request.method,
    url: o.request.endpoint,
    status: fault.kind === 'silence' ? null : statusOf(fault),
    durationMs: 0,
    write: o.write,
  }
  if (fault.kind === 'silence') {
    return { kind: 'unreachable', code: fault.code, message: `no answer (${fault.code})`, call }
  }
  const status = statusOf(fault)
  const isHtml = fault.kind === 'nonsense' && fault.body === 'html'
  const headers = { 'content-type': isHtml ? 'text/html' : 'application/json' }
  const body = { encoding: 'utf8', text: bodyOf(fault, o) } as const
  return { kind: 'answered', response: { status, headers, body }, call }
}

function statusOf(fault: Fault): number {
  return fault.kind === 'status' ? fault.status : 200
}

function bodyOf(fault: Fault, o: FaultPlace): string {
  if (fault.kind === 'soft') return fault.error.body
  if (fault.kind === 'status') return errorBody(fault.status, o.shape)
  if (fault.kind !== 'nonsense' || fault.body === 'empty') return ''
  if (fault.body === 'truncated')
    return o.recorded.slice(0, Math.floor(o.recorded.length / 2)) || '{"'
  return '<!doctype html><html><body><h1>Sign in</h1></body></html>'
}
