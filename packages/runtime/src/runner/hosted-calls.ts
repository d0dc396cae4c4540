import { maxCallsInFlight, maxLogLines, PlumbError } from '@plumb/protocol'
import type { CallError, RunnerFrame } from '@plumb/protocol'
import { FrameError } from './frame-codec.js'
import type { FunctionHost, HostMethod } from './function-host.js'
import type { RunnerConnection } from './runner-connection.js'

type Call = Extract<RunnerFrame, { type: 'call' }>
type Log = Extract<RunnerFrame, { type: 'log' }>
type Waiting = { readonly call: number; readonly method: HostMethod; readonly args: unknown }
type Answer = { readonly value: unknown; readonly error: CallError | null }
type Options = {
  readonly run: number
  readonly host: FunctionHost
  readonly connection: RunnerConnection
}

/** Made once: an error takes its stack along, and every run ends. */
const over = new DOMException('The run is over.', 'AbortError')

/** Calls worked on at once, so that the replies which pile up stay bounded. */
const mostAtOnce = 16
/** Bytes of unread replies above which no call is started. */
const mostUnread = 8 * 1024 * 1024

/** Serves the calls and log lines of one run. */
export class HostedCalls {
  readonly #options: Options
  readonly #inFlight = new Set<number>()
  readonly #waiting: Waiting[] = []
  readonly #ending = new AbortController()
  #working = 0
  #lines = 0

  constructor(options: Options) {
    this.#options = options
  }

  /** Throws FrameError for a call that an honest runner does not make. */
  receive(frame: Call | Log): void {
    if (frame.type === 'call') return this.#accept(frame)
    this.#lines += 1
    if (this.#lines > maxLogLines) {
      throw new FrameError(`More than ${maxLogLines} log lines were sent.`)
    }
    this.#options.host.log(frame.level, frame.message)
  }

  /** Starts waiting calls; to be called when the runner has read its replies. */
  proceed(): void {
    const { connection } = this.#options
    while (this.#working < mostAtOnce && connection.unread < mostUnread) {
      const next = this.#waiting.shift()
      if (next === undefined || this.#ending.signal.aborted) return
      this.#working += 1
      void this.#work(next)
    }
  }

  /** Aborts what is being worked on; nothing is answered any more. */
  end(): void {
    this.#ending.abort(over)
  }

  #accept(frame: Call): void {
    if (this.#inFlight.has(frame.call)) throw new FrameError(`Call ${frame.call} was made twice.`)
    if (this.#inFlight.size >= maxCallsInFlight) {
      throw new FrameError(`More than ${maxCallsInFlight} calls are in flight.`)
    }
    const method = this.#options.host.methods.get(frame.method)
    if (method === undefined) throw new FrameError(`There is no method "${frame.method}".`)
    const args = method.args.safeParse(frame.args)
    if (!args.success) {
      const path = args.error.issues[0]?.path.join('.') ?? ''
      throw new FrameError(`The arguments of "${frame.method}" are wrong at "${path}".`)
    }
    this.#inFlight.add(frame.call)
    this.#waiting.push({ call: frame.call, method, args: args.data })
    this.proceed()
  }

  async #work({ call, method, args }: Waiting): Promise<void> {
    const answer = await method.call(args, this.#ending.signal).then(
      (value): Answer => ({ value, error: null }),
      (error: unknown): Answer => ({ value: null, error: callError(error) }),
    )
    this.#working -= 1
    this.#inFlight.delete(call)
    if (this.#ending.signal.aborted) return
    this.#reply(call, answer)
    this.proceed()
  }

  #reply(call: number, answer: Answer): void {
    const { run, connection } = this.#options
    try {
      connection.send({ type: 'reply', run, call, ...answer })
    } catch (error) {
      connection.send({ type: 'reply', run, call, value: null, error: callError(error) })
    }
  }
}

function callError(error: unknown): CallError {
  if (error instanceof PlumbError) {
    const { code, message, remedy } = error
    return { code, message, remedy }
  }
  if (error instanceof FrameError) {
    const remedy = 'Ask for less at once: a smaller page, or fewer fields.'
    return { code: 'request-invalid', message: error.message, remedy }
  }
  const remedy = 'Report it with the id of the execution.'
  return { code: 'internal', message: 'The host failed to answer.', remedy }
}
