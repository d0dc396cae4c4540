import type { RetryRule } from '@plumb/protocol'
import { parseDelay } from './retry-delay.js'

/** What an answer says about the calls that are left. */
export type RateLimit = {
  readonly remaining: number
  /** Milliseconds until there are more. */
  readonly resetMs: number
}

type Headers = Readonly<Record<string, string>>

/**
 * Reads the provider's own headers, then `X-RateLimit-*`, `X-Rate-Limit-*`, `RateLimit-*` and the combined `RateLimit` field of the
 * IETF drafts. Null when they say nothing, or not all of it.
 */
export function rateLimitOf(
  headers: Headers,
  rule: RetryRule | undefined,
  now: number,
): RateLimit | null {
  const named = rule?.remaining === undefined ? null : namedLimit(headers, rule, now)
  return (
    named ??
    pairedLimit(headers, 'x-ratelimit', now) ??
    pairedLimit(headers, 'x-rate-limit', now) ??
    pairedLimit(headers, 'ratelimit', now) ??
    draftLimit(headers['ratelimit'])
  )
}

function namedLimit(headers: Headers, rule: RetryRule, now: number): RateLimit | null {
  const read = (name: string | undefined) =>
    name === undefined ? undefined : headers[name.toLowerCase()]
  const reset = parseDelay(read(rule.at), now) ?? parseDelay(read(rule.after), now)
  return limitOf(read(rule.remaining), reset ?? parseDelay(headers['x-ratelimit-reset'], now))
}

function pairedLimit(headers: Headers, prefix: string, now: number): RateLimit | null {
  return limitOf(headers[`${prefix}-remaining`], parseDelay(headers[`${prefix}-reset`], now))
}

/** `"default";r=50;t=30`, or the older `limit=100, remaining=50, reset=30`. The tightest of several counts. */
function draftLimit(field: string | undefined): RateLimit | null {
  if (field === undefined) return null
  const older = limitOf(/\bremaining=(\d+)/.exec(field)?.[1], seconds(field, /\breset=(\d+)/))
  if (older !== null) return older
  const policies = field
    .split(',')
    .map((policy) => limitOf(/;\s*r=(\d+)/.exec(policy)?.[1], seconds(policy, /;\s*t=(\d+)/)))
    .filter((limit) => limit !== null)
  return policies.sort((a, b) => a.remaining - b.remaining)[0] ?? null
}

function seconds(text: string, pattern: RegExp): number | null {
  const found = pattern.exec(text)?.[1]
  return found === undefined ? null : Number(found) * 1000
}

function limitOf(remaining: string | undefined, resetMs: number | null): RateLimit | null {
  // Some count in fractions of calls: `98.0`.
  if (remaining === undefined || resetMs === null) return null
  if (!/^\s*-?\d+(\.\d+)?\s*$/.test(remaining)) return null
  return { remaining: Math.max(0, Math.floor(Number(remaining))), resetMs }
}
