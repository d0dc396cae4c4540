import type { DBOS } from '@dbos-inc/dbos-sdk'

const batch = 500

/** Forgets work that ended more than `keepMs` milliseconds ago. */
export async function removeFinished(
  dbos: typeof DBOS,
  keepMs: number,
  signal: AbortSignal,
): Promise<void> {
  const completedBefore = new Date(Date.now() - keepMs).toISOString()
  for (;;) {
    const ended = await dbos.listWorkflows({
      status: ['SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'],
      completedBefore,
      limit: batch,
      loadInput: false,
      loadOutput: false,
    })
    if (ended.length === 0 || signal.aborted) return
    await dbos.deleteWorkflows(ended.map(({ workflowID }) => workflowID))
    if (ended.length < batch) return
  }
}
