import { maxCallsInFlight, maxLogLines, PlumbError } from '@plumb/protocol'
import type { CallError, RunnerFrame } from '@plumb/protocol'
import { FrameError } from './frame-codec.js'
import type { FunctionHost, HostMethod } from './function-host.js'
import type { RunnerConnection } from './runner-connection.js'

type Call = Extract<RunnerFrame, { type: 'call' }>
type Log = Extract<RunnerFrame, { type: 'log' }>
type Waiting = { call: number; method: HostMethod; args: unknown }

/** Calls worked on at once, so that the replies which pile up stay bounded. */
const mostAtOnce = 16
/** Bytes of unread replies above which no call is started. */
const mostUnread = 8 * 1024 * 1024

/** Serves the calls and log lines of one run. */
export type HostedCalls = {
  /** Throws FrameError for a call that an honest runner does not make. */
  receive(frame: Call | Log): void
  /** Starts waiting calls; to be called when the runner has read its replies. */
  proceed(): void
  /** Aborts what is being worked on; nothing is answered any more. */
  end(): void
}

export function serveCalls(options: {
  run: number
  host: FunctionHost
  connection: RunnerConnection
}): HostedCalls {
  const { run, host, connection } = options
  const inFlight = new Set<number>()
  const waiting: Waiting[] = []
  const ending = new AbortController()
  let working = 0
  let lines = 0

  function proceed(): void {
    while (working < mostAtOnce && connection.unread < mostUnread) {
      const next = waiting.shift()
      if (next === undefined || ending.signal.aborted) return
      working += 1
      void work(next)
    }
  }

  async function work({ call, method, args }: Waiting): Promise<void> {
    const answer = await method
      .call(args, ending.signal)
      .then((value) => ({ value, error: null }))
      .catch((error: unknown) => ({ value: null, error: callError(error) }))
    working -= 1
    inFlight.delete(call)
    if (ending.signal.aborted) return
    reply(call, answer)
    proceed()
  }

  function reply(call: number, answer: { value: unknown; error: CallError | null }): void {
    try {
      connection.send({ type: 'reply', run, call, ...answer })
    } catch (error) {
      connection.send({ type: 'reply', run, call, value: null, error: callError(error) })
    }
  }

  function accept(frame: Call): void {
    if (inFlight.has(frame.call)) throw new FrameError(`Call ${frame.call} was made twice.`)
    if (inFlight.size >= maxCallsInFlight) {
      throw new FrameError(`More than ${maxCallsInFlight} calls are in flight.`)
    }
    const method = host.methods.get(frame.method)
    if (method === undefined) throw new FrameError(`There is no method "${frame.method}".`)
    const args = method.args.safeParse(frame.args)
    if (!args.success) {
      const path = args.error.issues[0]?.path.join('.') ?? ''
      throw new FrameError(`The arguments of "${frame.method}" are wrong at "${path}".`)
    }
    inFlight.add(frame.call)
    waiting.push({ call: frame.call, method, args: args.data })
    proceed()
  }

  return {
    receive(frame) {
      if (frame.type === 'call') return accept(frame)
      lines += 1
      if (lines > maxLogLines) throw new FrameError(`More than ${maxLogLines} log lines were sent.`)
      host.log(frame.level, frame.message)
    },
    proceed,
    end: () => ending.abort(),
  }
}

function callError(error: unknown): CallError {
  if (error instanceof PlumbError) {
    const { code, message, remedy } = error
    return { code, message, remedy }
  }
  const remedy = 'Ask for less at once; otherwise report it with the execution id.'
  const message = error instanceof FrameError ? error.message : 'The host failed to answer.'
  return { code: error instanceof FrameError ? 'request-invalid' : 'internal', message, remedy }
}
