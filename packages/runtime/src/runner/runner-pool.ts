import { createHash } from 'node:crypto'
import { PlumbError } from '@plumb/protocol'
import type { FunctionDefinition } from '@plumb/protocol'
import type { Sandbox } from '../sandbox/sandbox.js'
import { findRunnerFiles } from './runner-files.js'
import type { RunnerFiles } from './runner-files.js'
import { RunnerProcess } from './runner-process.js'
import type { RunnerTimes, RunOrder, RunResult } from './runner-process.js'
import { runnerCommand, runnerEntry, runnerPolicy } from './runner-policy.js'

/** `tenant` owns the process that runs it: nobody else's function ever runs in it. */
export type TenantOrder = RunOrder & {
  readonly tenant: string
  /** True ends the process with the run, so that nothing is left over for a later one. */
  readonly once?: boolean
  /** Somebody who has a place waits for this run, so it must not wait for one itself. */
  readonly nested?: boolean
}

export type DescribeOrder = {
  readonly code: string
  /** Shown in messages. Default `function.ts`. */
  readonly fileName?: string
  /** Whose process loads the code. Default: one that ends afterwards. */
  readonly tenant?: string
  readonly signal?: AbortSignal
}

export type RunnerPool = {
  /** Resolves with how the run ended, whatever the function did. Throws PlumbError `sandbox-failed`, `cancelled`. */
  run(order: TenantOrder): Promise<RunResult>
  /** What the code declares; `exec` is not called. Throws PlumbError `function-invalid`. */
  describe(order: DescribeOrder): Promise<FunctionDefinition>
  close(): Promise<void>
}

export type RunnerPoolOptions = {
  readonly sandbox: Sandbox
  /** Functions that run at once; a blank process more is kept warm, and two when several run. */
  readonly size: number
  /** Memory of one process beyond what Node.js itself takes. Default 256 MB. */
  readonly memoryBytes?: number
  /** Of an action's output as JSON, where an order says nothing else. Default 2 MiB. */
  readonly mostOutputBytes?: number
  readonly times?: Partial<RunnerTimes>
  /** How long a process waits for its next function before it is ended, in milliseconds. Default five minutes. */
  readonly idleMs?: number
  /** Default: the machine's, which nothing sets back. */
  readonly clock?: IdleClock
}

type IdleClock = {
  /** In milliseconds, since any time. */
  now(): number
  /** Nobody stays for it. */
  after(ms: number, act: () => void): void
}

const systemIdleClock: IdleClock = {
  now: () => performance.now(),
  after: (ms, act) => void setTimeout(act, ms).unref(),
}

/** How often a start that failed is tried again. */
const moreStarts = 2
const mostBlanks = 2
const describeDeadlineMs = 10_000
const rememberedDescriptions = 500
const defaultMemory = 256 * 1024 * 1024
const defaultIdleMs = 300_000
const defaultTimes: RunnerTimes = { graceMs: 2000, heartbeatMs: 5000, silenceMs: 15_000 }

/** Opens the pool and starts one blank process. Throws PlumbError when the runner has not been built. */
export async function openRunnerPool(options: RunnerPoolOptions): Promise<RunnerPool> {
  const { memoryBytes = defaultMemory, idleMs = defaultIdleMs, clock = systemIdleClock } = options
  return new ProcessPool({ ...options, memoryBytes, idleMs, clock }, findRunnerFiles(memoryBytes))
}

/** Keeps the inspector of this process shut: a signal from a box would open it. */
const ignoreSignal = (): void => undefined

type PoolOptions = RunnerPoolOptions &
  Required<Pick<RunnerPoolOptions, 'memoryBytes' | 'idleMs' | 'clock'>>

class ProcessPool implements RunnerPool {
  readonly #options: PoolOptions
  #files: RunnerFiles
  /** Those that have waited longest come first. */
  readonly #idle: { tenant: string; runner: RunnerProcess; since: number }[] = []
  readonly #all = new Set<RunnerProcess>()
  readonly #waiting: (() => void)[] = []
  /** Of no tenant yet, the oldest first. */
  #blanks: RunnerProcess[] = []
  #busy = 0
  #watched = false
  #descriptions = 0
  readonly #described = new Map<string, Promise<FunctionDefinition>>()
  #closed = false

  constructor(options: PoolOptions, files: RunnerFiles) {
    this.#options = options
    this.#files = files
    process.on('SIGUSR1', ignoreSignal)
    this.#blanks.push(this.#spawn())
  }

  run(order: TenantOrder): Promise<RunResult> {
    const { mostOutputBytes } = this.#options
    return this.#with(order, (runner) => runner.run({ mostOutputBytes, ...order }))
  }

  /** What code declares does not change: the same text is asked once, in a process of its own. */
  describe(order: DescribeOrder): Promise<FunctionDefinition> {
    if (order.tenant !== undefined) return this.#describe(order)
    const key = createHash('sha256').update(order.code).digest('hex')
    const known = this.#described.get(key)
    if (known !== undefined) return known
    const asked = this.#describe(order)
    this.#described.set(key, asked)
    asked.catch(() => this.#described.delete(key))
    if (this.#described.size > rememberedDescriptions) this.#forgetOldest()
    return asked
  }

  #describe({ code, fileName = 'function.ts', tenant, signal }: DescribeOrder) {
    this.#descriptions += 1
    const owner = tenant ?? `description ${this.#descriptions}`
    const order = { code, fileName, deadlineMs: describeDeadlineMs, ...(signal && { signal }) }
    const once = tenant === undefined
    return this.#with({ ...order, tenant: owner, once }, (runner) => runner.describe(order))
  }

  #forgetOldest(): void {
    for (const key of this.#described.keys()) {
      this.#described.delete(key)
      return
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    process.off('SIGUSR1', ignoreSignal)
    for (const start of this.#waiting.splice(0)) start()
    await Promise.all([...this.#all].map((runner) => runner.close()))
  }

  async #with<T>(
    order: { tenant: string; once?: boolean; nested?: boolean; signal?: AbortSignal },
    use: (runner: RunnerProcess) => Promise<T>,
  ): Promise<T> {
    if (order.nested === true) this.#busy += 1
    else await this.#enter()
    try {
      if (this.#closed) throw closed()
      if (order.signal?.aborted === true) throw cancelled(order.signal)
      const runner = await this.#takeReady(order.tenant)
      try {
        return await use(runner)
      } finally {
        this.#giveBack(order, runner)
      }
    } finally {
      this.#leave()
    }
  }

  async #enter(): Promise<void> {
    if (this.#busy < this.#options.size) this.#busy += 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** The place goes straight to who waits longest, so that nobody slips in between. */
  #leave(): void {
    const isFull = this.#busy > this.#options.size
    const next = isFull ? undefined : this.#waiting.shift()
    if (next === undefined) this.#busy -= 1
    else next()
  }

  /** A machine under load may fail to start a process; nothing has run in it yet, so another is started. */
  async #takeReady(tenant: string): Promise<RunnerProcess> {
    for (let failures = 0; ; failures += 1) {
      const runner = this.#take(tenant)
      try {
        await runner.ready
        return runner
      } catch (error) {
        if (failures === moreStarts || this.#closed) throw error
        // A snapshot is bound to the processor too; without it, a process only starts slower.
        this.#files = { ...this.#files, snapshot: null }
      }
    }
  }

  #take(tenant: string): RunnerProcess {
    // The one that worked last is the warmest: its code is compiled, and its memory is at hand.
    const at = this.#idle.findLastIndex((one) => one.tenant === tenant && one.runner.alive)
    const [own] = at < 0 ? [] : this.#idle.splice(at, 1)
    if (own !== undefined) return own.runner
    // A process belongs to its tenant for life: the longest idle one makes room for a new one.
    if (this.#idle.length + this.#busy > this.#options.size) void this.#idle.shift()?.runner.close()
    return this.#takeBlank()
  }

  /** Where many tenants take turns, one blank process would not be ready when the next of them comes. */
  #takeBlank(): RunnerProcess {
    this.#blanks = this.#blanks.filter(({ alive }) => alive)
    const blank = this.#blanks.shift() ?? this.#spawn()
    while (this.#blanks.length < Math.min(mostBlanks, this.#busy)) this.#blanks.push(this.#spawn())
    return blank
  }

  #giveBack({ tenant, once }: { tenant: string; once?: boolean }, runner: RunnerProcess): void {
    if (once === true || this.#closed) void runner.close()
    else if (runner.alive) {
      this.#idle.push({ tenant, runner, since: this.#options.clock.now() })
    }
    this.#watchIdle()
  }

  #watchIdle(): void {
    if (this.#watched || this.#closed) return
    const { clock, idleMs } = this.#options
    const [oldest] = this.#idle
    this.#watched = true
    clock.after(oldest === undefined ? idleMs : oldest.since + idleMs - clock.now(), () => {
      this.#watched = false
      this.#endIdle(clock.now() - idleMs)
      if (this.#idle.length > 0 || this.#blanks.length > 1) this.#watchIdle()
    })
  }

  /** Memory is given back to the machine: of a pool that nobody uses one blank process is left. */
  #endIdle(before: number): void {
    while ((this.#idle[0]?.since ?? Infinity) <= before) void this.#idle.shift()?.runner.close()
    if (this.#busy > 0 || this.#idle.length > 0) return
    for (const spare of this.#blanks.splice(1)) void spare.close()
  }

  #spawn(): RunnerProcess {
    const { sandbox, memoryBytes, times } = this.#options
    const entry = runnerEntry(this.#files.snapshot ?? this.#files.entry, sandbox.backend)
    const policy = runnerPolicy(entry, memoryBytes)
    const box = sandbox.spawn(policy, runnerCommand(entry, memoryBytes))
    const runner = new RunnerProcess(box, { ...defaultTimes, ...times })
    this.#all.add(runner)
    void box.exited.then(() => this.#all.delete(runner))
    return runner
  }
}

function closed(): PlumbError {
  const remedy = 'Open a new pool.'
  return new PlumbError({ code: 'cancelled', message: 'The runner pool is closed.', remedy })
}

function cancelled(signal: AbortSignal): PlumbError {
  const message = `The run was cancelled before it started: ${String(signal.reason)}`
  return new PlumbError({ code: 'cancelled', message, remedy: 'Start it again.' })
}
