import type { TransportAnswer } from './transport.js'

export type TransportFailure = Extract<TransportAnswer, { kind: 'failure' }>

export class TooLargeError extends Error {
  readonly code = 'TOO_LARGE'

  constructor(limit: number) {
    super(
      `the response is larger than ${limit / 1024 / 1024} MB. Ask for less: a smaller page, or fewer fields`,
    )
  }
}

/** Node's error code, what we call it, and whether the provider may have acted on the request. */
const known: Readonly<Record<string, readonly [code: string, mayHaveHappened: boolean]>> = {
  ECONNREFUSED: ['connection-refused', false],
  EHOSTUNREACH: ['connection-refused', false],
  ENETUNREACH: ['connection-refused', false],
  ENOTFOUND: ['dns', false],
  EAI_AGAIN: ['dns', false],
  PRIVATE_ADDRESS: ['private-address', false],
  ECONNRESET: ['connection-reset', true],
  EPIPE: ['connection-reset', true],
  ETIMEDOUT: ['timeout', true],
  TOO_LARGE: ['too-large', true],
  ERR_BUFFER_TOO_LARGE: ['too-large', true],
}

/** Turns what node threw into the transport's own words. */
export function describeFailure(
  error: unknown,
  end: { readonly timedOut: boolean; readonly aborted: boolean; readonly timeoutMs: number },
): TransportFailure {
  const message = error instanceof Error ? error.message : String(error)
  if (end.aborted) return failure('aborted', 'the call was cancelled', true)
  if (end.timedOut) return failure('timeout', `no answer within ${end.timeoutMs} ms`, true)
  const code = codeOf(error)
  if (message === 'aborted') return failure('truncated', 'the response ended too early', true)
  const [name, mayHaveHappened] = known[code] ?? unknownFailure(code)
  return failure(name, message === '' ? code : message, mayHaveHappened)
}

function unknownFailure(code: string): readonly [string, boolean] {
  if (/CERT|TLS|SSL|SIGNATURE|ALTNAME/.test(code)) return ['tls', false]
  if (code.startsWith('HPE_')) return ['bad-response', true]
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI')) return ['truncated', true]
  return ['network', true]
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  // Several addresses of one name were tried.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function failure(code: string, message: string, mayHaveHappened: boolean): TransportFailure {
  return { kind: 'failure', code, message, mayHaveHappened }
}
