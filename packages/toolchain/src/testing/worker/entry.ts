import { JEST_MATCHERS_OBJECT, chai } from '@vitest/expect'
import { setSafeTimers } from '@vitest/utils/timers'
import * as zod from 'zod'
import { detachEnvironment } from '../../config.js'
import { runFile } from './file-runner.js'
import type { Job, WorkerReport } from './messages.js'
import { findMockRegistry } from './mock-registry.js'
import { providedModules } from './provided-modules.js'
import { RealmGuard } from './realm-guard.js'
import { replayFile } from './replay-file.js'
import { TimerGuard } from './timer-guard.js'
import { current, expect, globals, provided, registry, restoreVi, vitest } from './vitest.js'

type Late = { readonly errors: unknown[] }

const immediately = setImmediate
const exit = process.exit.bind(process)
setSafeTimers()
const timers = new TimerGuard()
timers.install()
silence()

let filesRun = 0
let lastMemory = 0
// Compiling a schema pays off after many values; a test has a few.
zod.config({ jitless: true })
for (const [name, module] of providedModules(process.argv[2] ?? '')) provided.set(name, module)
provided.set('vitest', vitest)
const mocks = findMockRegistry()
const late: Late = { errors: [] }
process.on('unhandledRejection', (error) => late.errors.push(error))
process.on('uncaughtException', (error) => late.errors.push(error))
process.on('disconnect', () => exit(0))
process.exit = (code) => {
  throw new Error(`process.exit(${code ?? ''}) was called. A test must not end the process.`)
}
detachEnvironment()
const guard = new RealmGuard(quietly())

process.on('message', (job: Job) => {
  run(job).catch((error: unknown) => {
    process.stderr.write(
      error instanceof Error ? (error.stack ?? error.message) : String(error),
      () => exit(1),
    )
  })
})
report({ kind: 'ready' })

async function run(job: Job): Promise<void> {
  current.file = job.file
  registry.alias(job.aliases)
  const forgetListeners = guard.listeners()
  if (job.globals) Object.assign(globalThis, globals)
  Object.assign(globalThis, { vitest: mockClasses() })
  const told = await outcomeOf(job)
  await new Promise<void>((resolve) => immediately(() => immediately(resolve)))
  const failures = [...told.failures, ...late.errors.splice(0).map(lateFailure)]
  const failed = Math.max(told.failed, failures.length > told.failures.length ? told.failed + 1 : 0)
  const warnings = clean(forgetListeners, job)
  const result = { ...told, failed, failures, warnings }
  report({ kind: 'finished', result, memoryBytes: memory() })
}

async function outcomeOf(job: Job) {
  let tests = 0
  const onTest = (test: string) => {
    if (tests++ > 0) report({ kind: 'started', test })
  }
  try {
    const importFile = (path: string) => registry.import(path)
    return job.kind === 'replay'
      ? await replayFile({ job, importFile })
      : await runFile({ job, importFile, onTest })
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, failures: [lateFailure(error)] }
  }
}

function lateFailure(error: unknown) {
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const reason = error instanceof SyntaxError ? ('does-not-compile' as const) : ('threw' as const)
  return { test: '', reason, message: said }
}

/** Leaves this process as the next file must find it, and says what that took. */
function clean(forgetListeners: () => void, job: Job): string[] {
  restoreVi()
  mocks?.clear()
  registry.forget(job.kind === 'replay' ? '' : job.file)
  zod.globalRegistry.clear()
  const running = timers.stop()
  forgetListeners()
  const changed = guard.restore().filter((name) => !expected(name, job))
  return [
    ...(running > 0 ? [`left ${running} timer${running === 1 ? '' : 's'} running`] : []),
    ...(changed.length > 0 ? [`changed ${changed.join(', ')}`] : []),
  ]
}

/** Globals that a test file is meant to find. */
function expected(name: string, job: Job): boolean {
  return name === 'vitest' || (job.globals && name in globals)
}

/** Asking is slow, and memory grows slowly. */
function memory(): number {
  if (filesRun++ % 16 === 0) lastMemory = process.memoryUsage.rss()
  return lastMemory
}

function mockClasses(): object {
  const { NangoActionMock, NangoSyncMock } = (provided.get('nango/test') ?? {}) as Record<
    string,
    unknown
  >
  return { NangoActionMock, NangoSyncMock }
}

/** What files change on purpose, and must find unchanged. */
function quietly(): Record<string, object> {
  const own = (
    globalThis as unknown as Record<symbol, { matchers?: object; customEqualityTesters?: object }>
  )[JEST_MATCHERS_OBJECT]
  return {
    assertions: chai.Assertion.prototype,
    matchers: own?.matchers ?? {},
    testers: own?.customEqualityTesters ?? [],
    expect,
    ...mockPrototypes(),
  }
}

/** Function files give these classes members that they lacked once. */
function mockPrototypes(): Record<string, object> {
  const found: Record<string, object> = {}
  for (const [name, mock] of Object.entries(mockClasses())) {
    let prototype = (mock as { prototype: object }).prototype
    for (; prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype) as object) {
      found[`${name} ${Object.keys(found).length}`] = prototype
    }
  }
  return found
}

/** What tests print would drown the summary. */
function silence(): void {
  const nothing = () => undefined
  for (const name of ['log', 'info', 'debug', 'warn', 'error', 'dir', 'table', 'trace'] as const) {
    console[name] = nothing
  }
}

function report(message: WorkerReport): void {
  process.send?.(message)
}
