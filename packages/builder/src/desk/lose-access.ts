import type { BlockedCause } from '@plumb/protocol'
import { appendTraceEvent } from '@plumb/store'
import type { DeskState } from './desk-state.js'
import type { DeskTools } from './desk-tools.js'

/** The gateway has found that the account's access is gone: the attempt is over, and the trace says why. */
export async function loseAccess(
  tools: Pick<DeskTools, 'db' | 'attemptId' | 'now'>,
  state: DeskState,
  cause: BlockedCause,
): Promise<void> {
  state.end({ kind: 'access-lost', cause })
  const { message, receiptIds } = cause
  await appendTraceEvent(tools.db, tools.attemptId, tools.now(), {
    kind: 'access-lost',
    cause: message,
    receiptIds,
  })
}
