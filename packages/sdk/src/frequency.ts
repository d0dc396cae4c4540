type Word = 'minute' | 'half hour' | 'hour' | 'half day' | 'day' | 'week' | 'month'
type Unit =
  | 's'
  | 'sec'
  | 'second'
  | 'seconds'
  | 'm'
  | 'min'
  | 'mins'
  | 'minute'
  | 'minutes'
  | 'h'
  | 'hour'
  | 'hours'
  | 'd'
  | 'day'
  | 'days'
  | 'w'
  | 'week'
  | 'weeks'

/** How often a sync runs: `every hour`, `every half day`, `every 5m`, `every 6 hours`; at least 30 seconds. */
export type Frequency = `every ${Word}` | `every ${number}${Unit}` | `every ${number} ${Unit}`

const second = 1000
const lengths: Readonly<Record<string, number>> = {
  s: second,
  m: 60 * second,
  h: 3600 * second,
  d: 86_400 * second,
  w: 7 * 86_400 * second,
}
const shortest = 30 * second

/** The period in milliseconds, or null when `text` is not a frequency of at least 30 seconds. */
export function frequencyMs(text: string): number | null {
  const match = /^every (?:(\d+(?:\.\d+)?) ?|(half) )?([a-z]+)$/.exec(text.trim())
  if (match === null) return null
  const [, count, half, unit = ''] = match
  const length = unitMs(unit)
  if (length === null) return null
  const period = length * (half === undefined ? Number(count ?? 1) : 0.5)
  return period >= shortest ? period : null
}

function unitMs(unit: string): number | null {
  if (/^months?$/.test(unit)) return 30 * (lengths['d'] ?? 0)
  const known = /^(s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?)$/.test(unit)
  return known ? (lengths[unit[0] ?? ''] ?? null) : null
}
