import { PlumbError } from '@plumb/protocol'

const away: ReadonlySet<string> = new Set(['database-unavailable', 'disk-full'])

/** Whether that is the code of a database that did not answer, or could keep nothing. */
export function isAwayCode(code: string): boolean {
  return away.has(code)
}

/** Whether the database did not answer, or could keep nothing: that passes, and says nothing about the work. */
export function isDatabaseAway(error: unknown): boolean {
  return error instanceof PlumbError && isAwayCode(error.code)
}

/** Whether the database did not answer, as while it is restarted. A full disk takes longer. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return error instanceof PlumbError && error.code === 'database-unavailable'
}
