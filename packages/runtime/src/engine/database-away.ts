import { PlumbError } from '@plumb/protocol'

/** Whether the database did not answer, or could keep nothing: that passes, and says nothing about the work. */
export function isDatabaseAway(error: unknown): boolean {
  return error instanceof PlumbError && ['database-unavailable', 'disk-full'].includes(error.code)
}
