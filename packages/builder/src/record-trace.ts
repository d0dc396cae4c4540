import type { TraceEventBody } from '@plumb/protocol'
import { addUsage, appendTraceEvent } from '@plumb/store'
import type { BuildTools } from './build-tools.js'

export type TraceRecord = {
  /** Stores an event; events are stored in the order of the calls. */
  readonly append: (body: TraceEventBody) => Promise<void>
  /** Resolves when everything is stored. Throws the first failure to store. */
  readonly settled: () => Promise<void>
}

/** The live trace of an attempt: each event is in the database before the next one. */
export function recordTrace(tools: Pick<BuildTools, 'db' | 'now'>, attemptId: string): TraceRecord {
  let last: Promise<void> = Promise.resolve()
  const store = async (body: TraceEventBody) => {
    await appendTraceEvent(tools.db, attemptId, tools.now(), body)
    if (body.kind === 'usage') await addUsage(tools.db, attemptId, body.tokens, body.costUsd)
  }
  return {
    append: (body) => {
      last = last.then(() => store(body))
      return last
    },
    settled: () => last,
  }
}
