import { listReceipts, saveExecution } from '@plumb/store'
import type { LiveAccess } from '../verification/verification-input.js'
import { namespaceOf } from '../workspace/open-workspace.js'
import type { DeskTools } from './desk-tools.js'

/** The verifier's own way into the test account: its receipts are a chain beside that of the attempt. */
export function liveAccessOf(tools: Omit<DeskTools, 'workspace'>): LiveAccess {
  const { db, gateway, brief, attemptId, interaction, now } = tools
  const { integration: integrationKey, id: connectionId } = brief.connection
  const chain = `verification ${attemptId}`
  const { writes = 1 } = interaction
  return {
    namespace: namespaceOf(chain),
    writes: Number(writes),
    now,
    open: ({ executionId, writes: writeLimit }) =>
      gateway.forConnection({
        ...{ integrationKey, connectionId, attemptId, executionId, chain, writeLimit },
        purpose: 'verification',
        allowWrites: writeLimit > 0,
      }),
    receipts: (executionId) => listReceipts(db, { executionId }),
    keep: (execution) => saveExecution(db, { ...execution, attemptId }),
  }
}
