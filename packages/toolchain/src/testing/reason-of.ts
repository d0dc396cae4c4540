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

const codes: Readonly<Record<string, FailureReason>> = {
  'replay-unused-recording': 'unused-recording',
  'replay-unknown-request': 'unknown-request',
  'replay-difference': 'output-differs',
  'fixture-missing': 'no-fixture',
}

/** Files an error under one of the reasons that a summary counts by. */
export function reasonOf(error: Told): FailureReason {
  const own = failureReasons.find((reason) => reason === error['reason'])
  return own ?? byCode(error) ?? byName(error) ?? byText(error)
}

function byCode({ message = '', ...error }: Told): FailureReason | undefined {
  const code = codes[String(error['code'])]
  if (code === 'unknown-request' && /\bbody\b/.test(message)) return 'body-differs'
  if (code) return code
  return Number(error['status']) >= 400 ? 'resolved-error-status' : undefined
}

function byName({ name }: Told): FailureReason | undefined {
  if (name === 'AssertionError') return 'output-differs'
  return name === 'SyntaxError' ? 'does-not-compile' : undefined
}

function byText({ name = '', message = '' }: Told): FailureReason {
  return rules.find(([pattern]) => pattern.test(`${name} ${message}`))?.[1] ?? 'threw'
}
