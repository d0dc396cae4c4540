import { PlumbError } from '@plumb/protocol'
import type {
  FunctionDefinition,
  FunctionOutcome,
  HostFrame,
  RunClock,
  RunnerFrame,
} from '@plumb/protocol'
import type { SandboxedProcess } from '../sandbox/sandbox.js'
import type { FunctionHost } from './function-host.js'
import { FrameError } from './frame-codec.js'
import { HeldTexts } from './held-texts.js'
import { HostedCalls } from './hosted-calls.js'
import { connectRunner } from './runner-connection.js'
import type { RunnerConnection } from './runner-connection.js'
import { deathOf, readTail } from './runner-death.js'

export type RunOrder = {
  readonly code: string
  readonly fileName: string
  readonly input: unknown
  /** A stopped clock and seeded randomness; without it time passes. */
  readonly clock?: RunClock
  readonly deadlineMs: number
  /** Of an action's output as JSON. Default 2 MiB. */
  readonly mostOutputBytes?: number | undefined
  readonly host: FunctionHost
  readonly signal?: AbortSignal
}

export type RunResult = {
  readonly outcome: FunctionOutcome
  /** Null when the process did not live to tell. */
  readonly cpuMs: number | null
  readonly memoryBytes: number | null
}

type Killed = Extract<FunctionOutcome, { kind: 'killed' }>
type Answer = RunResult | FunctionDefinition
/** A frame that belongs to the work in hand. */
type RunFrame = Exclude<RunnerFrame, { type: 'ready' | 'pong' }>
type Described = Extract<RunnerFrame, { type: 'described' }>['answer']

/** The one thing the process is working on. */
type Work = {
  readonly run: number
  readonly calls: HostedCalls | null
  /** Set when the host has ended the run: what the runner says after it no longer counts. */
  ended: Killed | null
  finish(answer: Answer): void
  fail(error: Error): void
}

export type RunnerTimes = {
  /** From the abort message to the kill, in milliseconds. */
  readonly graceMs: number
  readonly heartbeatMs: number
  /** Silence after which a runner counts as stuck. */
  readonly silenceMs: number
}

/**
 * One boxed process that runs functions, one at a time.
 * blank -> ready -> (working -> ready)* -> dead; every violation, abort and deadline ends in dead.
 */
export class RunnerProcess {
  readonly ready: Promise<void>
  readonly #box: SandboxedProcess
  readonly #times: RunnerTimes
  readonly #connection: RunnerConnection
  readonly #stderr: () => string
  readonly #texts = new HeldTexts()
  #work: Work | null = null
  #runs = 0
  #alive = true
  #violation: string | null = null
  #pings = 0
  #pongs = 0
  #becomeReady: (() => void) | null = null

  constructor(box: SandboxedProcess, times: RunnerTimes) {
    this.#box = box
    this.#times = times
    this.#stderr = readTail(box.stderr)
    box.stdout.resume()
    this.#connection = connectRunner(box.channel, {
      onFrame: (frame) => this.#receive(frame),
      onViolation: (reason) => this.#violate(reason),
      onDrain: () => this.#work?.calls?.proceed(),
    })
    this.ready = new Promise((resolve, reject) => {
      this.#becomeReady = resolve
      void box.exited.then((exit) => {
        const death = deathOf(exit, { violation: this.#violation, stderr: this.#stderr() })
        this.#die(death)
        reject(startFailed(`${death.detail}\n${this.#stderr()}`))
      })
    })
    this.ready.catch(() => undefined)
  }

  get alive(): boolean {
    return this.#alive
  }

  async run(order: RunOrder): Promise<RunResult> {
    const run = this.#nextRun()
    const calls = new HostedCalls({ run, host: order.host, connection: this.#connection })
    const answered = this.#start(run, calls)
    this.#sendRun(run, order)
    const endings = this.#watch(order)
    try {
      return (await answered) as RunResult
    } finally {
      endings()
      calls.end()
      this.#work = null
    }
  }

  /** Throws PlumbError `function-invalid` when the code does not load or declares nothing. */
  async describe(order: {
    code: string
    fileName: string
    deadlineMs: number
    signal?: AbortSignal
  }): Promise<FunctionDefinition> {
    const run = this.#nextRun()
    const answered = this.#start(run, null)
    this.#send({ type: 'describe', run, code: order.code, fileName: order.fileName })
    const endings = this.#watch(order)
    try {
      const answer = await answered
      if ('outcome' in answer) throw notLoaded(order.fileName, answer.outcome)
      return answer
    } finally {
      endings()
      this.#work = null
    }
  }

  async close(): Promise<void> {
    this.#box.kill()
    await this.#box.exited
  }

  #nextRun(): number {
    this.#runs += 1
    return this.#runs
  }

  #sendRun(run: number, order: RunOrder): void {
    const { fileName, input, clock = null, host, mostOutputBytes } = order
    const context =
      mostOutputBytes === undefined ? host.context : { ...host.context, mostOutputBytes }
    const held = this.#texts.find(order)
    const text = { place: held ?? this.#texts.next, code: held === null ? order.code : null }
    const frame = { run, ...text, fileName, input, clock, context }
    if (this.#send({ type: 'run', ...frame }) && held === null) this.#texts.keep(order)
  }

  #start(run: number, calls: HostedCalls | null): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#work = { run, calls, ended: null, finish: resolve, fail: reject }
      if (!this.#alive) this.#die({ kind: 'killed', reason: 'crash', detail: 'It had ended.' })
    })
  }

  /** False when the frame is over the cap, which ends the work. */
  #send(frame: HostFrame): boolean {
    try {
      this.#connection.send(frame)
      return true
    } catch (error) {
      this.#work?.fail(tooLarge((error as Error).message))
      return false
    }
  }

  /** Deadline, cancellation and heartbeat of one run; returns what stops watching. */
  #watch(order: { deadlineMs: number; signal?: AbortSignal }): () => void {
    const { deadlineMs, signal } = order
    const overdue = `The deadline of ${deadlineMs} ms passed.`
    const deadline = setTimeout(() => this.#end('deadline', overdue), deadlineMs)
    const heartbeat = this.#startHeartbeat()
    const aborted = (): void => this.#end('aborted', reasonOf(signal))
    signal?.addEventListener('abort', aborted)
    if (signal?.aborted === true) aborted()
    return () => {
      clearTimeout(deadline)
      clearInterval(heartbeat)
      signal?.removeEventListener('abort', aborted)
    }
  }

  #startHeartbeat(): NodeJS.Timeout {
    const { heartbeatMs, silenceMs } = this.#times
    return setInterval(() => {
      if ((this.#pings - this.#pongs) * heartbeatMs >= silenceMs) {
        this.#end('deadline', `The function did not let go of its process for ${silenceMs} ms.`)
      } else {
        this.#pings += 1
        this.#send({ type: 'ping', sequence: this.#pings })
      }
    }, heartbeatMs)
  }

  /** Tells the runner to stop; kills it when it has not after the grace. */
  #end(reason: Killed['reason'], detail: string): void {
    const work = this.#work
    if (work === null || work.ended !== null) return
    work.ended = { kind: 'killed', reason, detail }
    work.calls?.end()
    this.#send({ type: 'abort', run: work.run, reason: detail })
    const kill = setTimeout(() => this.#box.kill(), this.#times.graceMs)
    void this.#box.exited.then(() => clearTimeout(kill))
  }

  #receive(frame: RunnerFrame): void {
    if (frame.type === 'ready') return this.#receiveReady()
    if (frame.type === 'pong') return this.#receivePong(frame.sequence)
    const work = this.#work
    if (work === null || frame.run !== work.run) {
      throw new FrameError(`A "${frame.type}" frame belongs to no run.`)
    }
    if (work.ended === null) return this.#proceed(work, frame)
    if (frame.type === 'result') this.#box.kill()
  }

  #proceed(work: Work, frame: RunFrame): void {
    if (frame.type === 'call' || frame.type === 'log') return receiveCall(work, frame)
    if ((frame.type === 'described') !== (work.calls === null)) {
      throw new FrameError(`A "${frame.type}" frame answers another question.`)
    }
    this.#work = null
    if (frame.type === 'described') return finishDescription(work, frame.answer)
    const { outcome, cpuMs, memoryBytes } = frame
    work.finish({ outcome, cpuMs, memoryBytes })
  }

  #receiveReady(): void {
    if (this.#becomeReady === null) throw new FrameError('A second "ready" frame was sent.')
    this.#becomeReady()
    this.#becomeReady = null
  }

  #receivePong(sequence: number): void {
    if (sequence !== this.#pongs + 1 || sequence > this.#pings) {
      throw new FrameError(`The pong ${sequence} answers no ping.`)
    }
    this.#pongs = sequence
  }

  #violate(reason: string): void {
    this.#violation = reason
    this.#box.kill()
  }

  #die(death: Killed): void {
    this.#alive = false
    const work = this.#work
    this.#work = null
    work?.calls?.end()
    work?.finish({ outcome: work.ended ?? death, cpuMs: null, memoryBytes: null })
  }
}

function receiveCall(work: Work, frame: Extract<RunnerFrame, { type: 'call' | 'log' }>): void {
  if (work.calls === null) throw new FrameError('A description makes no calls.')
  work.calls.receive(frame)
}

function finishDescription(work: Work, answer: Described): void {
  if (answer.kind === 'definition') return work.finish(answer.definition)
  const { message, remedy } = answer
  work.fail(new PlumbError({ code: 'function-invalid', message, remedy }))
}

function reasonOf(signal: AbortSignal | undefined): string {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason.message : String(reason)
}

function startFailed(detail: string): PlumbError {
  return new PlumbError({
    code: 'sandbox-failed',
    message: `The runner ended before it was ready: ${detail.trim()}`,
    remedy:
      'Run `plumb doctor` to check the sandbox; build the project when its runner is missing.',
  })
}

function notLoaded(fileName: string, outcome: FunctionOutcome): PlumbError {
  const detail = outcome.kind === 'killed' ? `${outcome.reason}: ${outcome.detail}` : outcome.kind
  return new PlumbError({
    code: 'function-invalid',
    message: `${fileName} could not be loaded (${detail})`,
    remedy: 'Move work out of the top level of the file, into exec.',
  })
}

function tooLarge(message: string): PlumbError {
  const remedy = 'Give the function a smaller input.'
  return new PlumbError({ code: 'request-invalid', message, remedy })
}
