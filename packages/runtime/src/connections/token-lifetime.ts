/** No token lives longer, and a date that far away is still one. */
const longestMs = 100 * 365 * 24 * 3600_000

/** A token this close to its end may not survive the call it is sent with, in milliseconds. */
const marginMs = 60_000

/** When a token was issued and ends (ISO 8601). The first is kept where the usual margin would be most of its life. */
export type Lifetime = {
  readonly expiresAt?: string | undefined
  readonly issuedAt?: string | undefined
}

/** What is kept of the end of a token that was issued `now` (milliseconds since 1970). */
export function lifetimeUntil(expiresAt: string | undefined, now: number): Lifetime {
  if (expiresAt === undefined) return {}
  const isShort = Date.parse(expiresAt) - now < 4 * marginMs
  return { expiresAt, ...(isShort && { issuedAt: new Date(now).toISOString() }) }
}

/** Whether too little is left of a token's life. */
export function isEnding({ expiresAt, issuedAt }: Lifetime, now: number): boolean {
  if (expiresAt === undefined) return false
  const end = Date.parse(expiresAt)
  const life = issuedAt === undefined ? Infinity : end - Date.parse(issuedAt)
  return end - now < Math.min(marginMs, life / 4)
}

/** A positive number of seconds, also as text; null for anything else: some providers say 0 for "does not end". */
export function secondsIn(value: unknown): number | null {
  const isText = typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value)
  const seconds = isText || typeof value === 'number' ? Number(value) : 0
  return seconds > 0 ? seconds : null
}

/** When it is over (ISO 8601). `now` is in milliseconds since 1970. */
export function endAfter(now: number, seconds: number): string {
  return new Date(now + Math.min(seconds * 1000, longestMs)).toISOString()
}

/** The time that a value names (ISO 8601): an ISO date, or the epoch in seconds or milliseconds; null for none. */
export function timeIn(value: unknown): string | null {
  const epoch = secondsIn(value)
  // A smaller number is no time of day but a duration in the wrong place: every token would have ended in 1970.
  if (epoch !== null && epoch < 1e9) return null
  const time = epoch === null ? dateIn(value) : new Date(epoch > 1e11 ? epoch : epoch * 1000)
  return time === null || Number.isNaN(time.getTime()) ? null : time.toISOString()
}

/** A date without a zone is one in UTC, wherever this machine stands. */
function dateIn(value: unknown): Date | null {
  if (typeof value !== 'string') return null
  const text = value.trim()
  const isPlain = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text)
  return new Date(isPlain ? `${text.replace(' ', 'T')}Z` : text)
}
