import { GLOBAL_EXPECT, getState, setState } from '@vitest/expect'
import type { ExpectStatic } from '@vitest/expect'
import { startTests } from '@vitest/runner'
import type {
  File,
  Task,
  Test,
  TestContext,
  VitestRunner,
  VitestRunnerConfig,
} from '@vitest/runner'
import { getTestName } from '@vitest/runner/utils'
import { stripVTControlCharacters } from 'node:util'
import type { FileResult } from '../test-run.js'
import { reasonOf } from '../reason-of.js'
import { createExpect, freshState } from './create-expect.js'
import { failurePlace } from './failure-place.js'
import type { Job } from './messages.js'

type Failure = FileResult['failures'][number]
type LocalContext = TestContext & { readonly _local?: boolean }

export type FileRunnerInput = {
  readonly job: Job
  readonly importFile: (path: string) => Promise<unknown>
  readonly onTest: (name: string) => void
}

/** Collects and runs the tests of one file, the way vitest does. */
export async function runFile(input: FileRunnerInput): Promise<Omit<FileResult, 'warnings'>> {
  const runner = new FileRunner(input)
  const [file] = await startTests([input.job.file], runner)
  await runner.cleanUp()
  return file ? resultOf(file, input.job.root) : { passed: 0, failed: 0, skipped: 0, failures: [] }
}

class FileRunner implements VitestRunner {
  readonly config: VitestRunnerConfig
  readonly pool = 'forks'
  readonly #input: FileRunnerInput
  readonly #cleanups: (() => unknown)[] = []

  constructor(input: FileRunnerInput) {
    this.#input = input
    this.config = configOf(input.job)
  }

  /** The runner keeps fixtures of every file for as long as the process lives, unless it is told to let go. */
  onCleanupWorkerContext(listener: () => unknown): void {
    this.#cleanups.push(listener)
  }

  async cleanUp(): Promise<void> {
    for (const cleanup of this.#cleanups) await cleanup()
  }

  importFile(path: string): Promise<unknown> {
    return this.#input.importFile(path)
  }

  onBeforeRunTask(test: Test): void {
    this.#input.onTest(getTestName(test))
  }

  onBeforeTryTask(test: Test): void {
    setState({ ...freshState, currentTestName: getTestName(test) }, globalExpect())
  }

  onAfterTryTask(test: Test): void {
    const context = test.context as LocalContext
    const expect = context._local ? context.expect : globalExpect()
    const state = getState(expect)
    const { assertionCalls, expectedAssertionsNumber, expectedAssertionsNumberErrorGen } = state
    if (expectedAssertionsNumber !== null && assertionCalls !== expectedAssertionsNumber) {
      throw expectedAssertionsNumberErrorGen?.() ?? new Error('wrong number of assertions')
    }
    if (state.isExpectingAssertions && assertionCalls === 0) {
      throw state.isExpectingAssertionsError ?? new Error('no assertions')
    }
  }

  extendTaskContext(context: TestContext): TestContext {
    let own: ExpectStatic | undefined
    Object.defineProperty(context, 'expect', {
      get: () => (own ??= createExpect(context.task)),
    })
    Object.defineProperty(context, '_local', { get: () => own !== undefined })
    return context
  }
}

function globalExpect(): ExpectStatic {
  return (globalThis as unknown as Record<symbol, ExpectStatic>)[GLOBAL_EXPECT] as ExpectStatic
}

function configOf({ root, setupFiles, timeoutMs }: Job): VitestRunnerConfig {
  return {
    ...{ root, setupFiles: [...setupFiles], name: undefined, passWithNoTests: false },
    ...{ testNamePattern: undefined, allowOnly: true, chaiConfig: undefined, maxConcurrency: 5 },
    sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
    ...{ testTimeout: timeoutMs, hookTimeout: timeoutMs, retry: 0, includeTaskLocation: false },
    diffOptions: { expand: false, truncateThreshold: 4000 },
    ...{ tags: [], tagsFilter: undefined, strictTags: false },
  }
}

function resultOf(file: File, root: string): Omit<FileResult, 'warnings'> {
  const tests = testsOf(file.tasks)
  const count = (state: string) => tests.filter((test) => test.result?.state === state).length
  const [passed, failed] = [count('pass'), count('fail')]
  const failures = [
    ...tests
      .filter((test) => test.result?.state === 'fail')
      .map((test) => failureOf(getTestName(test), test.result?.errors ?? [], root)),
    ...suiteFailures([file], root),
  ]
  return {
    ...{ passed, failures, skipped: tests.length - passed - failed },
    failed: Math.max(failed, Math.min(failures.length, 1)),
  }
}

function testsOf(tasks: readonly Task[]): Test[] {
  return tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task.tasks) : [task]))
}

function suiteFailures(tasks: readonly Task[], root: string): Failure[] {
  return tasks.flatMap((task) => {
    if (task.type !== 'suite') return []
    const errors = task.result?.errors ?? []
    const inner = suiteFailures(task.tasks, root)
    return errors.length > 0
      ? [failureOf('filepath' in task ? '' : task.name, errors, root), ...inner]
      : inner
  })
}

type Told = {
  readonly name?: string
  readonly message?: string
  readonly diff?: string
  readonly stack?: string
}

function failureOf(test: string, errors: readonly Told[], root: string): Failure {
  const [error = {}] = errors
  const { name = 'Error', message = '', diff, stack = '' } = error
  const said = diff ? `${message}\n${diff}` : `${name}: ${message}`
  const plain = stripVTControlCharacters(said).slice(0, 20_000)
  return { test, reason: reasonOf(error), message: `${plain}${failurePlace(stack, root)}` }
}
