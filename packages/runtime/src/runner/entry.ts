import { Socket } from 'node:net'
import { format } from 'node:util'
import { PlumbError } from '@plumb/protocol'
import type { HostFrame, RunnerFrame } from '@plumb/protocol'
import { definitionOf, functionError, functionOf, runFunction } from '@plumb/sdk/runner'
import { z } from 'zod'
import { createFrameDecoder, encodeFrame } from './frame-codec.js'
import { FunctionChannel } from './function-channel.js'
import { createFunctionRequire, evaluateFunction, loadModule } from './function-modules.js'
import type { LoadedModule } from './function-modules.js'
import { createFunctionClock } from './run-clock.js'
import { createRandomness } from '@plumb/sdk/replay'
import { RunTimers } from './run-timers.js'
import { sealGlobals } from './seal-globals.js'

type RunFrame = Extract<HostFrame, { type: 'run' }>
type DescribeFrame = Extract<HostFrame, { type: 'describe' }>
type Outcome = Extract<RunnerFrame, { type: 'result' }>['outcome']

const channelFd = 3
const machine = process
const realNow = Date.now.bind(Date)

/** The function that is running; null between runs. */
let current: { channel: FunctionChannel; fail: (error: unknown) => void } | null = null

const socket = new Socket({ fd: channelFd, readable: true, writable: true })
const send = (frame: RunnerFrame): void => void socket.write(encodeFrame(frame))

const clock = createFunctionClock(realNow)
const randomness = createRandomness()
const timers = new RunTimers(clock, () => current?.channel.waiting ?? false)
sealGlobals({
  clock,
  randomness,
  timers,
  log: (level, words) => current?.channel.log(level, format(...words)),
})
const requireModule = createFunctionRequire(randomness)
/** By the place that the host gave each text. */
const modules: LoadedModule[] = []

async function run(frame: RunFrame): Promise<void> {
  clock.set(frame.clock)
  randomness.seed(frame.clock?.seed ?? null)
  const channel = new FunctionChannel({ run: frame.run, context: frame.context, send })
  const before = machine.cpuUsage()
  const failed = new Promise<never>((_resolve, reject) => {
    current = { channel, fail: reject }
  })
  const outcome = await Promise.race([call(frame, channel), failed]).catch(
    (thrown: unknown): Outcome => ({
      kind: 'threw',
      error: functionError(thrown, frame.fileName),
    }),
  )
  current = null
  timers.clearAll()
  channel.end('the function has returned.')
  const { user, system } = machine.cpuUsage(before)
  const memoryBytes = machine.resourceUsage().maxRSS * 1024
  send({ type: 'result', run: frame.run, outcome, cpuMs: (user + system) / 1000, memoryBytes })
}

async function call(frame: RunFrame, channel: FunctionChannel): Promise<Outcome> {
  const exported = moduleOf(frame)(requireModule)
  const output = await runFunction(functionOf(exported), channel, frame.input)
  return { kind: 'returned', output }
}

function moduleOf({ place, code, fileName }: RunFrame): LoadedModule {
  if (code !== null) modules[place] = whateverLoads(code, fileName)
  const module = modules[place]
  if (module === undefined) throw new Error(`The text of ${fileName} was never sent.`)
  return module
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

function describe({ run, code, fileName }: DescribeFrame): void {
  const answer = (): Extract<RunnerFrame, { type: 'described' }>['answer'] => {
    try {
      const declared = functionOf(evaluateFunction(code, fileName, requireModule))
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
  send({ type: 'described', run, answer: answer() })
}

/** The host is trusted: it checks our frames, we do not check its. */
function receive(frame: HostFrame): void {
  if (frame.type === 'run') void run(frame)
  if (frame.type === 'describe') describe(frame)
  if (frame.type === 'reply') current?.channel.reply(frame)
  if (frame.type === 'abort') current?.channel.end(frame.reason)
  if (frame.type === 'ping') send({ type: 'pong', sequence: frame.sequence })
}

/** A promise nobody awaited, or a timer's callback: the run that started it has failed. */
machine.on('unhandledRejection', (error) => current?.fail(error))
machine.on('uncaughtException', (error) => current?.fail(error))
// The default of SIGUSR1 opens the inspector.
machine.on('SIGUSR1', () => undefined)

const decoder = createFrameDecoder()
socket.on('data', (chunk) => {
  for (const frame of decoder.push(chunk)) receive(frame as HostFrame)
})
socket.on('close', () => machine.exit(0))
socket.on('error', () => machine.exit(0))

// The first parse of a zod object compiles it; done before the first run, it costs no run.
z.object({ ready: z.string() }).parse({ ready: 'yes' })
send({ type: 'ready' })
