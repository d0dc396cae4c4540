import { PlumbError } from '@plumb/protocol'
import { z } from 'zod'

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
  if (thrown instanceof z.ZodError) return usageFailure(thrown)
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const unexpected = new PlumbError({
    code: 'internal',
    message: `Something broke inside Plumb: ${message}`,
    remedy: 'Run the command again with --verbose and report the trace it prints.',
  })
  return { ...words(unexpected), exitCode: exitCodes.error }
}

function words(error: PlumbError) {
  return { code: error.code, message: error.message, remedy: error.remedy, docs: error.docs }
}

function exitCodeOf(error: PlumbError): number {
  if (error.code === 'cancelled') return exitCodes.cancelled
  return error.code === 'usage' ? exitCodes.usage : exitCodes.error
}

function usageFailure(error: z.ZodError): Failure {
  const problems = error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`)
  const usage = new PlumbError({
    code: 'usage',
    message: problems.join('\n'),
    remedy: 'Call the command with --help to see what it takes.',
  })
  return { ...words(usage), exitCode: exitCodes.usage }
}
