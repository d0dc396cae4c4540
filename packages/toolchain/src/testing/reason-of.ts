import { failureReasons } from './test-run.js'
import type { FailureReason } from './test-run.js'

type Told = { readonly name?: string; readonly message?: string; readonly [key: string]: unknown }

const rules: readonly [RegExp, FailureReason][] = [
  [/timed? out/i, 'timeout'],
  [/ENOENT|no fixture|no mock|not found.*\.json|mock (data|file)/i, 'no-fixture'],
  [/no recording|unknown request|no matching/i, 'unknown-request'],
  [/zod|validation|invalid_(type|input|action|sync)/i, 'validation'],
  [/process\.exit/, 'crashed'],
]

/** Files an error under one of the reasons that a summary counts by. */
export function reasonOf(error: Told): FailureReason {
  const own = failureReasons.find((reason) => reason === error['reason'])
  if (own) return own
  if (error.name === 'AssertionError') return 'output-differs'
  if (error.name === 'SyntaxError') return 'does-not-compile'
  const text = `${error.name ?? ''} ${error.message ?? ''}`
  return rules.find(([pattern]) => pattern.test(text))?.[1] ?? 'threw'
}
