import { maxCallsInFlight, maxLogLength, maxLogLines, PlumbError } from '@plumb/protocol'
import type { HostFrame, RunContext, RunnerFrame } from '@plumb/protocol'
import type { HostChannel, LogLevel } from '@plumb/sdk/runner'
import { FrameError } from './frame-codec.js'

type Reply = Extract<HostFrame, { type: 'reply' }>
type Settle = { resolve: (value: unknown) => void; reject: (error: Error) => void }

/** The runner's end of one run: the function's calls, their replies and its log lines. */
export type FunctionChannel = HostChannel & {
  reply(frame: Reply): void
  /** Rejects calls in flight and every later one. */
  end(reason: string): void
  /** True while a call waits for its reply. */
  waiting(): boolean
}

/** Keeps the rules of the channel on behalf of the function: the window of calls and the number of log lines. */
export function openFunctionChannel(options: {
  run: number
  context: RunContext
  send: (frame: RunnerFrame) => void
}): FunctionChannel {
  const { run, context, send } = options
  const inFlight = new Map<number, Settle>()
  const queue: (() => void)[] = []
  let calls = 0
  let lines = 0
  let ended: string | null = null

  function sendCall(method: string, args: unknown, settle: Settle): void {
    calls += 1
    const call = calls
    try {
      send({ type: 'call', run, call, method, args })
      inFlight.set(call, settle)
    } catch (error) {
      settle.reject(error instanceof FrameError ? tooLarge(error) : (error as Error))
    }
  }

  function sendLine(level: LogLevel, text: string): void {
    if (ended !== null || lines >= maxLogLines) return
    lines += 1
    const message = lines === maxLogLines ? 'Further log lines were dropped.' : text
    send({ type: 'log', run, level, message: message.slice(0, maxLogLength) })
  }

  return {
    context,
    call: (method, args) =>
      new Promise((resolve, reject) => {
        if (ended !== null) return reject(cancelled(ended))
        const settle = { resolve, reject }
        if (inFlight.size < maxCallsInFlight) return sendCall(method, args, settle)
        queue.push(() =>
          ended === null ? sendCall(method, args, settle) : reject(cancelled(ended)),
        )
      }),
    log: sendLine,
    reply(frame) {
      const settle = inFlight.get(frame.call)
      inFlight.delete(frame.call)
      if (frame.error === null) settle?.resolve(frame.value)
      else
        settle?.reject(new PlumbError(frame.error as ConstructorParameters<typeof PlumbError>[0]))
      queue.shift()?.()
    },
    end(reason) {
      ended = reason
      for (const { reject } of inFlight.values()) reject(cancelled(reason))
      inFlight.clear()
      for (const start of queue.splice(0)) start()
    },
    waiting: () => inFlight.size > 0,
  }
}

function cancelled(reason: string): PlumbError {
  const remedy = 'Await every call before the function returns.'
  return new PlumbError({ code: 'cancelled', message: `The run is over: ${reason}`, remedy })
}

function tooLarge(error: FrameError): PlumbError {
  const remedy = 'Send less at once: smaller batches, or smaller bodies.'
  return new PlumbError({ code: 'request-invalid', message: error.message, remedy })
}
