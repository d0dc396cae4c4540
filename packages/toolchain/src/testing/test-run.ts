/** Why a test failed, in the few words a summary counts by. */
export const failureReasons = [
  'resolved-error-status',
  'unused-recording',
  'unknown-request',
  'body-differs',
  'output-differs',
  'validation',
  'threw',
  'no-fixture',
  'timeout',
  'crashed',
  'does-not-compile',
] as const

export type FailureReason = (typeof failureReasons)[number]

export type TestFailure = {
  /** Relative to the directory of the run. */
  readonly file: string
  /** Names of the suites and the test, joined by ` > `; empty when the file itself failed. */
  readonly test: string
  readonly reason: FailureReason
  readonly message: string
}

/** What one file's tests came to. */
export type FileResult = {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly failures: readonly Omit<TestFailure, 'file'>[]
  /** What the file left behind for others, and was cleaned up. */
  readonly warnings: readonly string[]
}

export type TestMode = 'strict' | 'compat'

/** What a run of many tests came to; times in seconds, memory of the whole process tree in bytes. */
export type TestRun = {
  readonly ok: boolean
  readonly directory: string
  readonly mode: TestMode
  readonly files: number
  readonly tests: number
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** Functions without a fixture, in strict mode. */
  readonly untested: readonly string[]
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMemoryBytes: number
  readonly failures: readonly TestFailure[]
  readonly reasons: Readonly<Partial<Record<FailureReason, number>>>
  readonly warnings: readonly { readonly file: string; readonly message: string }[]
  /** Folders that are links to others, and so were not run a second time. */
  readonly linked: readonly { readonly folder: string; readonly target: string }[]
}
