import { PlumbError } from '@plumb/protocol'

/** Exit codes of the `plumb` command. */
export const exitCodes = { ok: 0, error: 1, notAccepted: 2, usage: 64, cancelled: 130 } as const

/** The one place where what was thrown becomes words and an exit code. */
export type Failure = {
  readonly code: string
  readonly message: string
  readonly remedy: string
  readonly docs: string
  readonly exitCode: number
}

/** Describes anything thrown, also what nobody expected. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof PlumbError) return { ...words(thrown), exitCode: exitCodeOf(thrown) }
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return { ...words(cancelled(thrown)), exitCode: exitCodes.cancelled }
  if (isDiskFull(thrown)) return { ...words(diskFull(thrown)), exitCode: exitCodes.error }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const unexpected = new PlumbError({
    code: 'internal',
    message: `Something broke inside Plumb: ${message}`,
    remedy: 'Run the command again with --verbose and report the trace it prints.',
  })
  return { ...words(unexpected), exitCode: exitCodes.error }
}

function cancelled(cause: Error): PlumbError {
  const remedy = 'Run the same command again.'
  return new PlumbError({ code: 'cancelled', message: 'It was stopped.', remedy, cause })
}

function isDiskFull(thrown: unknown): thrown is Error {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null
  return code === 'ENOSPC' || code === 'EDQUOT'
}

function diskFull(cause: Error): PlumbError {
  return new PlumbError({
    code: 'disk-full',
    message: `A disk is full: ${cause.message}`,
    remedy: 'Free some space, and run the same command again: what is finished is kept.',
    cause,
  })
}

function words(error: PlumbError) {
  return { code: error.code, message: error.message, remedy: error.remedy, docs: error.docs }
}

function exitCodeOf(error: PlumbError): number {
  if (error.code === 'cancelled') return exitCodes.cancelled
  return error.code === 'usage' ? exitCodes.usage : exitCodes.error
}

/** What commander refused, as the error that `--json` prints. */
export function wrongUsage({ message }: Error): PlumbError {
  return new PlumbError({
    code: 'usage',
    message: message.replace(/^error: /, '').replace(/\s+/g, ' '),
    remedy: 'Call the command with --help to see what it takes.',
  })
}
