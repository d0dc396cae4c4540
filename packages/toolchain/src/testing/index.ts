export { runTests } from './run-tests.js'
export type { RunTestsInput } from './run-tests.js'
export type { TestFailure, TestMode, TestRun } from './test-run.js'
