import type { DeskTools } from './desk/desk-tools.js'
import { verificationInputOf } from './desk/verification-input-of.js'
import { collectEvidence } from './evidence/collect-evidence.js'
import type { VerificationInput } from './verification/verification-input.js'

/** What the checks were given about an attempt that is over; nothing of its workspace is left. */
export async function verificationAgain(
  tools: Omit<DeskTools, 'workspace'>,
): Promise<VerificationInput> {
  const { db, attemptId } = tools
  const all = await collectEvidence({ db, attemptId })
  const evidence = {
    ...all,
    receipts: all.receipts.filter(({ chain }) => chain === attemptId),
    executions: all.executions.filter(({ purpose }) => purpose === 'dryrun'),
  }
  return verificationInputOf({ ...tools, workspace: {} }, { evidence, claim: null })
}
