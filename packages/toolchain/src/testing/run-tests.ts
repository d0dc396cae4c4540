import { PlumbError } from '@plumb/protocol'
import { existsSync, realpathSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, relative, resolve, sep } from 'node:path'
import { watchPeakMemory } from '../measure/watch-peak-memory.js'
import { findTestFiles } from './find-test-files.js'
import { matchesPattern } from './matches-pattern.js'
import { readTestSettings } from './read-test-settings.js'
import type { TestSettings } from './read-test-settings.js'
import type { FileResult, TestFailure, TestMode, TestRun } from './test-run.js'
import { TestWorker } from './test-worker.js'
import type { Job } from './worker/messages.js'

export type RunTestsInput = {
  /** A project, a folder in one, or one test file. */
  readonly directory: string
  readonly mode: TestMode
  /** Runs only files whose path contains this. */
  readonly filter?: string | undefined
  /** Processes; default: one per core. */
  readonly workers?: number | undefined
  /** Ends at the first failure. */
  readonly bail?: boolean | undefined
  /** Milliseconds for one test, where the project does not say; default 30,000. */
  readonly timeoutMs?: number | undefined
  /** Functions without a fixture fail the run. Strict mode only. */
  readonly requireFixtures?: boolean | undefined
  readonly signal: AbortSignal
  readonly onProgress?: (done: number, all: number) => void
}

type Ended = { readonly file: string; readonly result: FileResult }

/** Runs the tests of a project in processes of their own. Throws `usage` when there is no such folder. */
export async function runTests(input: RunTestsInput): Promise<TestRun> {
  const watch = watchPeakMemory()
  const started = { at: performance.now(), cpu: watch.cpuSeconds() }
  try {
    const told = await runChosen(input)
    return {
      ...told,
      seconds: round((performance.now() - started.at) / 1000),
      peakMemoryBytes: watch.stop(),
      cpuSeconds: round(watch.cpuSeconds() - started.cpu),
    }
  } finally {
    watch.stop()
  }
}

async function runChosen(input: RunTestsInput) {
  const { directory, only } = placeOf(input.directory)
  const settings = readTestSettings(directory)
  const found = findTestFiles(only, testFilter(settings))
  const strict =
    input.mode === 'strict'
      ? await (await import('./strict-jobs.js')).strictJobs(only, found.files)
      : { jobs: [], files: found.files, untested: [] }
  const base = baseOf(input, settings)
  const jobs = [...strict.jobs, ...strict.files.map((file) => ({ file }))]
    .map((job): Job => ({ ...base, ...job }))
    .filter((job) =>
      matches(
        [job.file, job.fixture ?? ''].map((path) => relative(directory, path)),
        input.filter,
      ),
    )
  const ended = await runAll(jobs, { ...input, directory })
  const summary = summarise(ended, { input, directory, untested: strict.untested })
  return { ...summary, linked: found.linked }
}

/** The folder of a run, and the folder or file in it that is asked for. Both real. */
function placeOf(given: string): { directory: string; only: string } {
  const path = resolve(given)
  if (!existsSync(path)) {
    throw new PlumbError({
      code: 'usage',
      message: `There is no folder or file "${given}" to test.`,
      remedy: 'Name a project, an integration folder in it, or a test file.',
    })
  }
  const only = realpathSync(path)
  return { directory: statSync(only).isDirectory() ? only : dirname(only), only }
}

function matches(paths: readonly string[], filter: string | undefined): boolean {
  return filter === undefined || paths.some((path) => path.includes(filter))
}

/** Which paths are tests, where the project says; else undefined. */
function testFilter({ include, root }: TestSettings) {
  if (include === null) return undefined
  return (path: string) => matchesPattern(relative(root, path).split(sep).join('/'), include)
}

function baseOf(input: RunTestsInput, settings: TestSettings) {
  const { setupFiles, globals, timeoutMs, root, aliases } = settings
  const limit = input.timeoutMs ?? timeoutMs ?? 30_000
  return { kind: 'test-file' as const, setupFiles, globals, timeoutMs: limit, root, aliases }
}

async function runAll(jobs: readonly Job[], input: RunTestsInput): Promise<Ended[]> {
  const count = Math.min(input.workers ?? availableParallelism(), Math.max(jobs.length, 1))
  const workers = Array.from({ length: count }, () => new TestWorker(input.directory))
  let taken = 0
  const ended: Ended[] = []
  const over = () => input.signal.aborted || (input.bail === true && ended.some(isFailure))
  const serve = async (worker: TestWorker) => {
    worker.start()
    for (let job = jobs[taken++]; job && !over(); job = jobs[taken++]) {
      ended.push({ file: job.fixture ?? job.file, result: await worker.run(job) })
      input.onProgress?.(ended.length, jobs.length)
    }
  }
  const stop = () => workers.forEach((worker) => worker.close())
  input.signal.addEventListener('abort', stop, { once: true })
  try {
    await Promise.race([Promise.all(workers.map(serve)), abortOf(input.signal)])
    input.signal.throwIfAborted()
    return ended
  } finally {
    input.signal.removeEventListener('abort', stop)
    stop()
  }
}

/** Rejects when the run is cancelled: a worker that was ended answers no more. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

function isFailure({ result }: Ended): boolean {
  return result.failed > 0
}

type Asked = { input: RunTestsInput; directory: string; untested: readonly string[] }

function summarise(ended: readonly Ended[], { input, directory, untested }: Asked) {
  const sum = (of: 'passed' | 'failed' | 'skipped') =>
    ended.reduce((all, { result }) => all + result[of], 0)
  const named = ended
    .map(({ file, result }) => ({ file: relative(directory, file).split(sep).join('/'), result }))
    .sort((a, b) => (a.file < b.file ? -1 : 1))
  const failures = named.flatMap(({ file, result }) =>
    result.failures.map((one) => ({ file, ...one })),
  )
  if (input.requireFixtures) failures.push(...untested.map(withoutFixture))
  const missing = input.requireFixtures ? untested.length : 0
  const counts = { passed: sum('passed'), failed: sum('failed') + missing, skipped: sum('skipped') }
  return {
    ...{ ok: counts.failed === 0, directory, mode: input.mode, files: ended.length },
    ...{ tests: counts.passed + counts.failed + counts.skipped, ...counts, untested, failures },
    reasons: countReasons(failures),
    warnings: named.flatMap(({ file, result }) =>
      result.warnings.map((message) => ({ file, message })),
    ),
  }
}

function withoutFixture(name: string): TestFailure {
  return {
    file: name,
    test: '',
    reason: 'no-fixture',
    message: `${name} has no fixture to be replayed against.`,
  }
}

function countReasons(failures: readonly TestFailure[]): TestRun['reasons'] {
  const reasons: Partial<Record<TestFailure['reason'], number>> = {}
  for (const { reason } of failures) reasons[reason] = (reasons[reason] ?? 0) + 1
  return reasons
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100
}
