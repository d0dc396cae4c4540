import { PlumbError } from '@plumb/protocol'

const outOfSpace = new Set(['53100', 'ENOSPC', 'EDQUOT'])
const unavailable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  '28000',
  '28P01',
  '3D000',
  '53300',
  '57P01',
  '57P02',
  '57P03',
])

/** The code of a PostgreSQL or Node error, or an empty string. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return typeof code === 'string' ? code : ''
}

/** True when the connection ended, or could not be made, for a reason outside the statement. */
export function isConnectionLost(error: unknown): boolean {
  if (unavailable.has(errorCode(error))) return true
  return (
    error instanceof Error && /Connection terminated|Client has encountered/.test(error.message)
  )
}

/** Turns an error that a person can act on into a `PlumbError`; any other comes back as it was. */
export function explainDatabaseError(error: unknown, where: string): unknown {
  const code = errorCode(error)
  if (outOfSpace.has(code)) return diskFull(where, error)
  if (!isConnectionLost(error)) return error
  const reason = error instanceof Error && error.message !== '' ? error.message : code
  return new PlumbError({
    code: 'database-unavailable',
    message: `The database at ${where} does not answer: ${reason}`,
    remedy: 'Check that it runs and that the address, user and password are right, then try again.',
    cause: error,
  })
}

/** The error for a full disk; `where` is the directory or address. */
export function diskFull(where: string, cause?: unknown): PlumbError {
  return new PlumbError({
    code: 'disk-full',
    message: `No space is left on the disk of ${where}.`,
    remedy:
      'Free some space there, or choose a data directory on another disk, and run the command again.',
    cause,
  })
}
