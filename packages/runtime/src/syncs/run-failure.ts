import { PlumbError } from '@plumb/protocol'
import type { BlockedCause, FunctionError, FunctionOutcome } from '@plumb/protocol'
import type { RunError } from '@plumb/store'

export type RunFailure = RunError & {
  /**
   * `passing`: trouble outside that ends by itself. `code`: the function's own. `access`: nothing is tried until
   * somebody reconnects, which may just have been done. `scope`: nothing to be tried.
   */
  readonly kind: 'passing' | 'code' | 'access' | 'scope'
}

type RetryOptions = {
  /** Failures in a row before this one. */
  readonly failures: number
  readonly firstRetryMs: number
  readonly random: () => number
}

const passingCodes = new Set([
  'provider-unreachable',
  'credential-refresh-failed',
  'database-unavailable',
  'disk-full',
  'sandbox-failed',
])
const passingStatuses = new Set([408, 425, 429])
const mostRetries = { passing: 8, code: 2, access: 2, scope: 0 }
const longestRetryMs = 3_600_000

/** What the end of a function means for its run. */
export function runFailure(outcome: Exclude<FunctionOutcome, { kind: 'returned' }>): RunFailure {
  if (outcome.kind === 'threw') return thrownFailure(outcome.error)
  const overdue = outcome.reason === 'deadline'
  return {
    kind: 'code',
    code: overdue ? 'sync-budget-spent' : 'sync-failed',
    message: `The sync was ended (${outcome.reason}): ${outcome.detail}`,
    remedy: overdue
      ? 'Save a checkpoint after every page, and make sure that the last page ends the loop.'
      : 'Keep less in memory at once: save each page before the next is asked for.',
  }
}

function thrownFailure(error: FunctionError): RunFailure {
  const { code, remedy } = (error.payload ?? {}) as { code?: unknown; remedy?: unknown }
  const known = error.type === 'plumb-error' && typeof code === 'string' ? code : null
  const passing = known === null ? isPassing(error) : passingCodes.has(known)
  return {
    kind: passing ? 'passing' : 'code',
    code: known ?? 'sync-failed',
    message: error.message,
    remedy: typeof remedy === 'string' ? remedy : remedyOf(error),
  }
}

/** The failure of what a slice needs, before its function runs or beside it. */
export function brokenFailure(error: unknown): RunFailure {
  if (error instanceof PlumbError) {
    const { code, message, remedy } = error
    return { kind: passingCodes.has(code) ? 'passing' : 'code', code, message, remedy }
  }
  return {
    ...{ kind: 'code', code: 'internal', remedy: "Look at the server's own log." },
    message: `Something broke inside Plumb: ${error instanceof Error ? error.message : String(error)}`,
  }
}

function isPassing({ type, status }: FunctionError): boolean {
  if (type !== 'http-error') return false
  return status === null || status >= 500 || passingStatuses.has(status)
}

function remedyOf({ type, status, stack }: FunctionError): string {
  if (type === 'http-error') {
    return status === null || status >= 500
      ? 'Wait: it is tried again by itself. `plumb logs list` has the call.'
      : 'Look at the call in `plumb logs list`, and correct the request in the function.'
  }
  const [place] = stack?.trim().split('\n') ?? []
  return place === undefined || place === ''
    ? 'Correct the function and deploy it again.'
    : `Correct the function (${place.trim()}) and deploy it again.`
}

/** The failure of a connection that has lost access. */
export function accessFailure({ kind, message, remedy }: BlockedCause): RunFailure {
  const retried = kind === 'missing-scope' ? 'scope' : 'access'
  return { kind: retried, code: 'access-lost', message, remedy }
}

/** Milliseconds to the next try; undefined leaves it to the schedule. Half of it is chance, so that herds spread out. */
export function retryAfter(failure: RunFailure, o: RetryOptions): number | undefined {
  if (o.failures >= mostRetries[failure.kind]) return undefined
  const wait = Math.min(longestRetryMs, o.firstRetryMs * 2 ** o.failures)
  return Math.round(wait * (0.5 + o.random() / 2))
}
