import type { RetryRule } from '@plumb/protocol'

/** Longest wait a provider may ask for; beyond it the answer goes back to the caller. */
export const maxWaitMs = 5 * 60_000
const firstBackoffMs = 1000
const maxBackoffMs = 30_000

export type RetrySituation = {
  /** From 0: how many retries were made before. */
  readonly retry: number
  readonly headers: Readonly<Record<string, string>>
  /** The answer says that a limit was hit; only then does the time of its reset matter. */
  readonly limited: boolean
  /** Header names of the request and of the provider, in this order. */
  readonly rules: readonly Pick<RetryRule, 'at' | 'after'>[]
  readonly now: number
  /** From 0 to below 1. */
  readonly random: number
}

/** Milliseconds to wait before the next try, or null when the provider asks for more than `maxWaitMs`. */
export function retryDelay(situation: RetrySituation): number | null {
  const asked = askedDelay(situation)
  if (asked === null) {
    const backoff = Math.min(maxBackoffMs, firstBackoffMs * 2 ** situation.retry)
    return Math.round(backoff * (0.5 + situation.random / 2))
  }
  if (asked > maxWaitMs) return null
  // Never earlier than asked, and not all at the same moment.
  return Math.round(asked + situation.random * Math.min(1000, asked / 10 + 50))
}

/** Milliseconds that an answer asks to wait, or null when it asks for nothing. */
export function askedDelay(
  situation: Pick<RetrySituation, 'headers' | 'limited' | 'rules' | 'now'>,
): number | null {
  const read = (name: string | undefined) =>
    name === undefined ? null : parseDelay(situation.headers[name.toLowerCase()], situation.now)
  for (const rule of situation.rules) {
    const asked = read(rule.after) ?? (situation.limited ? read(rule.at) : null)
    if (asked !== null) return asked
  }
  const { headers } = situation
  const ms = headers['retry-after-ms'] ?? headers['x-ms-retry-after-ms'] ?? ''
  return /^\s*\d+(\.\d+)?\s*$/.test(ms) ? Number(ms) : read('retry-after')
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/**
 * Milliseconds from now that a header value means: seconds, `500ms`, `1m30s`, epoch seconds, epoch milliseconds,
 * an HTTP date or an ISO date. Null for anything else; 0 for the past.
 */
export function parseDelay(value: string | undefined, now: number): number | null {
  const text = value?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) {
    const number = Number(text)
    if (number >= 1e11) return Math.max(0, number - now)
    if (number >= 1e9) return Math.max(0, number * 1000 - now)
    return number * 1000
  }
  if (/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
    return parts.reduce(
      (sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0),
      0,
    )
  }
  // Date.parse takes almost any text that holds a digit for a date.
  if (!/^[A-Za-z]{3,9},? |^\d{4}-\d{2}-\d{2}/.test(text)) return null
  const time = Date.parse(zoned(text))
  return Number.isNaN(time) ? null : Math.max(0, time - now)
}

/** HTTP knows no local time: a date that names no zone, as of `asctime`, is in GMT. */
function zoned(text: string): string {
  if (!/:\d\d(\.\d+)?( \d{4})?$/.test(text) || /[+-]\d\d:\d\d$/.test(text)) return text
  return /^\d{4}-/.test(text) ? `${text}Z` : `${text} GMT`
}
