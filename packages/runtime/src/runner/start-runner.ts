import { Socket } from 'node:net'
import { format } from 'node:util'
import { PlumbError } from '@plumb/protocol'
import type { HostFrame, RunnerFrame } from '@plumb/protocol'
import {
  definitionOf,
  functionError,
  functionOf,
  keepResponse,
  runFunction,
} from '@plumb/sdk/runner'
import { createRandomness } from '@plumb/sdk/replay'
import { z } from 'zod'
import { createFrameDecoder, encodeFrame } from './frame-codec.js'
import { FunctionChannel } from './function-channel.js'
import { createFunctionRequire, evaluateFunction, loadModule } from './function-modules.js'
import type { LoadedModule } from './function-modules.js'
import { createFunctionClock } from './run-clock.js'
import { RunTimers } from './run-timers.js'
import { sealGlobals } from './seal-globals.js'

type RunFrame = Extract<HostFrame, { type: 'run' }>
type DescribeFrame = Extract<HostFrame, { type: 'describe' }>
type Outcome = Extract<RunnerFrame, { type: 'result' }>['outcome']

const channelFd = 3
const machine = process
const realNow = Date.now.bind(Date)

// The first parse of a zod object compiles it; done before the first run, it costs no run.
z.object({ ready: z.string() }).parse({ ready: 'yes' })

/** Works for the host at the other end of the channel, until it closes. Once per process: globals are sealed. */
export function startRunner(): void {
  keepResponse()
  const socket = new Socket({ fd: channelFd, readable: true, writable: true })
  const runner = new Runner((frame) => void socket.write(encodeFrame(frame)))
  const decoder = createFrameDecoder()
  socket.on('data', (chunk) => {
    for (const frame of decoder.push(chunk)) runner.receive(frame as HostFrame)
  })
  socket.on('close', () => machine.exit(0))
  socket.on('error', () => machine.exit(0))
  // A promise nobody awaited, or a timer's callback: the run that started it has failed.
  machine.on('unhandledRejection', (error) => runner.fail(error))
  machine.on('uncaughtException', (error) => runner.fail(error))
  // The default of SIGUSR1 opens the inspector.
  machine.on('SIGUSR1', () => undefined)
  runner.begin()
}

/** Runs functions, one at a time, in a process whose globals it has sealed. */
class Runner {
  readonly #send: (frame: RunnerFrame) => void
  readonly #clock = createFunctionClock(realNow)
  readonly #randomness = createRandomness()
  readonly #timers = new RunTimers(this.#clock, () => this.#current?.channel.waiting ?? false)
  readonly #require: (name: string) => unknown
  /** By the place that the host gave each text. */
  readonly #modules: LoadedModule[] = []
  /** The function that is running; null between runs. */
  #current: { channel: FunctionChannel; fail: (error: unknown) => void } | null = null

  constructor(send: (frame: RunnerFrame) => void) {
    this.#send = send
    sealGlobals({
      clock: this.#clock,
      randomness: this.#randomness,
      timers: this.#timers,
      log: (level, words) => this.#current?.channel.log(level, format(...words)),
    })
    this.#require = createFunctionRequire(this.#randomness)
  }

  begin(): void {
    this.#send({ type: 'ready' })
  }

  /** The host is trusted: it checks our frames, we do not check its. */
  receive(frame: HostFrame): void {
    if (frame.type === 'run') void this.#run(frame)
    if (frame.type === 'describe') this.#describe(frame)
    if (frame.type === 'reply') this.#current?.channel.reply(frame)
    if (frame.type === 'abort') this.#current?.channel.end(frame.reason)
    if (frame.type === 'ping') this.#send({ type: 'pong', sequence: frame.sequence })
  }

  /** Ends the run under way. */
  fail(error: unknown): void {
    this.#current?.fail(error)
  }

  async #run(frame: RunFrame): Promise<void> {
    this.#clock.set(frame.clock)
    this.#randomness.seed(frame.clock?.seed ?? null)
    const channel = new FunctionChannel({
      run: frame.run,
      context: frame.context,
      send: this.#send,
    })
    const before = machine.cpuUsage()
    const failed = new Promise<never>((_resolve, reject) => {
      this.#current = { channel, fail: reject }
    })
    const outcome = await Promise.race([this.#call(frame, channel), failed]).catch(
      (thrown: unknown): Outcome => ({
        kind: 'threw',
        error: functionError(thrown, frame.fileName),
      }),
    )
    this.#current = null
    this.#timers.clearAll()
    channel.end('the function has returned.')
    const { user, system } = machine.cpuUsage(before)
    const memoryBytes = machine.resourceUsage().maxRSS * 1024
    this.#tell({ run: frame.run, cpuMs: (user + system) / 1000, memoryBytes }, outcome)
  }

  /** An output or an error that no frame can hold is told as the failure that it is. */
  #tell(
    result: Omit<Extract<RunnerFrame, { type: 'result' }>, 'type' | 'outcome'>,
    outcome: Outcome,
  ) {
    try {
      this.#send({ type: 'result', ...result, outcome })
    } catch (thrown) {
      const { message } = thrown as Error
      const remedy = 'Return less at once, and nest it less.'
      const error = functionError(new PlumbError({ code: 'output-invalid', message, remedy }), '')
      this.#send({ type: 'result', ...result, outcome: { kind: 'threw', error } })
    }
  }

  async #call(frame: RunFrame, channel: FunctionChannel): Promise<Outcome> {
    const exported = this.#moduleOf(frame)(this.#require)
    const output = await runFunction(functionOf(exported), channel, frame.input)
    return { kind: 'returned', output }
  }

  #moduleOf({ place, code, fileName }: RunFrame): LoadedModule {
    if (code !== null) this.#modules[place] = whateverLoads(code, fileName)
    const module = this.#modules[place]
    if (module === undefined) throw new Error(`The text of ${fileName} was never sent.`)
    return module
  }

  #describe({ run, code, fileName }: DescribeFrame): void {
    this.#send({ type: 'described', run, answer: this.#definition(code, fileName) })
  }

  #definition(
    code: string,
    fileName: string,
  ): Extract<RunnerFrame, { type: 'described' }>['answer'] {
    try {
      const declared = functionOf(evaluateFunction(code, fileName, this.#require))
      return { kind: 'definition', definition: definitionOf(declared) }
    } catch (error) {
      const { message, stack } = functionError(error, fileName)
      const remedy =
        error instanceof PlumbError
          ? error.remedy
          : `Correct the code that runs when ${fileName} is loaded.${stack === null ? '' : `\n${stack}`}`
      return { kind: 'invalid', message, remedy }
    }
  }
}

/** A text that does not parse is held too, and fails in the same way each time. */
function whateverLoads(code: string, fileName: string): LoadedModule {
  try {
    return loadModule(code, fileName)
  } catch (error) {
    return () => {
      throw error
    }
  }
}
