import { resolve } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import { z } from 'zod'
import type { TestRun } from '@plumb/toolchain/testing'
import { defineOperation } from './operation.js'
import { renderTestRun } from './render-test-run.js'

/** `plumb test`: replays every function against its fixture, or runs a project's own vitest tests. */
export const test = defineOperation({
  name: 'test',
  summary: 'Replay functions against their fixtures, and run the tests of a project',
  input: z.object({
    directory: z.string().default('.').describe('project, integration folder or test file'),
    compat: z
      .boolean()
      .default(false)
      .describe("run the project's vitest files only, with the lenient mocks"),
    filter: z.string().optional().describe('only files whose path contains this'),
    workers: z.number().int().min(1).optional().describe('processes (default: one per core)'),
    timeout: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('milliseconds for one test (default: 30000)'),
    bail: z.boolean().default(false).describe('end at the first failure'),
    requireFixtures: z
      .boolean()
      .default(false)
      .describe('a function without a fixture is a failure'),
  }),
  positionals: ['directory'],
  examples: [
    'plumb test',
    'plumb test integrations/hubspot --bail',
    'plumb test integrations --compat --json',
  ],
  run: async (input, { config, signal, progress }): Promise<TestRun> => {
    const { runTests } = await import('@plumb/toolchain/testing')
    const run = await runTests({
      directory: resolve(config.directory, input.directory),
      mode: input.compat ? 'compat' : 'strict',
      filter: input.filter,
      workers: input.workers,
      timeoutMs: input.timeout,
      bail: input.bail,
      requireFixtures: input.requireFixtures,
      signal,
      onProgress: tenths(progress),
    })
    const mayBeEmpty = input.filter === undefined && run.untested.length > 0
    if (run.tests === 0 && !mayBeEmpty) throw nothingToTest(run, input.filter)
    return run
  },
  text: renderTestRun,
  exitCode: ({ ok }) => (ok ? 0 : 1),
})

/** A wrong folder must not look like a passing one. */
function nothingToTest({ directory, mode }: TestRun, filter: string | undefined): PlumbError {
  const those = filter === undefined ? '' : ` whose path contains "${filter}"`
  return new PlumbError({
    code: 'function-not-found',
    message: `There is nothing to test in "${directory}"${those}.`,
    remedy:
      mode === 'compat'
        ? 'Name the folder that holds the tests: <integration>/tests/<name>.test.ts.'
        : 'Name the folder that holds the integrations, or write a function with `plumb create`.',
  })
}

/** Ten lines however many files there are, and none for a few. */
function tenths(progress: (line: string) => void): (done: number, all: number) => void {
  return (done, all) => {
    const step = Math.max(Math.ceil(all / 10), 50)
    if (done % step === 0 && done < all) progress(`${done} of ${all} test files`)
  }
}
