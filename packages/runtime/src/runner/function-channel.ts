import { maxCallsInFlight, maxLogLength, maxLogLines, PlumbError } from '@plumb/protocol'
import type { HostFrame, RunContext, RunnerFrame } from '@plumb/protocol'
import type { HostChannel, LogLevel } from '@plumb/sdk/runner'
import { FrameError } from './frame-codec.js'

type Reply = Extract<HostFrame, { type: 'reply' }>
type Settle = { resolve: (value: unknown) => void; reject: (error: Error) => void }
type Options = {
  readonly run: number
  readonly context: RunContext
  /** Throws FrameError for a frame over the cap. */
  readonly send: (frame: RunnerFrame) => void
}

/**
 * The runner's end of one run: the function's calls, their replies and its log lines. It keeps the rules of the
 * channel on behalf of the function: the window of calls and the number of lines.
 */
export class FunctionChannel implements HostChannel {
  readonly context: RunContext
  readonly #options: Options
  readonly #inFlight = new Map<number, Settle>()
  readonly #queue: (() => void)[] = []
  #calls = 0
  #lines = 0
  #ended: string | null = null

  constructor(options: Options) {
    this.#options = options
    this.context = options.context
  }

  /** True while a call waits for its reply. */
  get waiting(): boolean {
    return this.#inFlight.size > 0
  }

  call(method: string, args: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const start = (): void => this.#send(method, args, { resolve, reject })
      if (this.#inFlight.size < maxCallsInFlight) start()
      else this.#queue.push(start)
    })
  }

  log(level: LogLevel, text: string): void {
    if (this.#ended !== null || this.#lines >= maxLogLines) return
    this.#lines += 1
    const message = this.#lines === maxLogLines ? 'Further log lines were dropped.' : text
    const { run, send } = this.#options
    send({ type: 'log', run, level, message: message.slice(0, maxLogLength) })
  }

  reply({ call, value, error }: Reply): void {
    const settle = this.#inFlight.get(call)
    this.#inFlight.delete(call)
    if (error === null) settle?.resolve(value)
    else settle?.reject(new PlumbError(error as ConstructorParameters<typeof PlumbError>[0]))
    this.#queue.shift()?.()
  }

  /** Rejects calls in flight and every later one. */
  end(reason: string): void {
    this.#ended = reason
    for (const { reject } of this.#inFlight.values()) reject(cancelled(reason))
    this.#inFlight.clear()
    for (const start of this.#queue.splice(0)) start()
  }

  #send(method: string, args: unknown, settle: Settle): void {
    if (this.#ended !== null) return settle.reject(cancelled(this.#ended))
    this.#calls += 1
    const call = this.#calls
    try {
      this.#options.send({ type: 'call', run: this.#options.run, call, method, args })
      this.#inFlight.set(call, settle)
    } catch (error) {
      settle.reject(error instanceof FrameError ? tooLarge(error) : (error as Error))
    }
  }
}

function cancelled(reason: string): PlumbError {
  const remedy = 'Await every call before the function returns.'
  return new PlumbError({ code: 'cancelled', message: `The run is over: ${reason}`, remedy })
}

function tooLarge(error: FrameError): PlumbError {
  const remedy = 'Send less at once: smaller batches, smaller bodies, and lists that nest less.'
  return new PlumbError({ code: 'request-invalid', message: error.message, remedy })
}
