import type { Submission } from '@plumb/protocol'
import { appendTraceEvent, saveSubmission } from '@plumb/store'
import { collectEvidence } from '../evidence/collect-evidence.js'
import { hashSource } from '@plumb/toolchain'
import { verify } from '../verification/verify.js'
import { findingId } from '../reading/finding-id.js'
import type { BoxSubmission, NamedFinding } from '../workspace/box-actions.js'
import type { DeskState } from './desk-state.js'
import type { DeskTools } from './desk-tools.js'
import { exportFiles, hashSubmission } from './exported-submission.js'
import { verificationInputOf } from './verification-input-of.js'
import { workingChecks } from './working-checks.js'

/** `plumb check`: what verification will ask of the function as it stands; advisory, nothing is decided here. */
export async function checkFunction(
  tools: DeskTools,
  state: DeskState,
): Promise<{ ok: boolean; findings: readonly NamedFinding[] }> {
  const submission = await submissionOf(tools, [])
  const evidence = { ...(await collectEvidence(tools)), submission }
  const input = await verificationInputOf(tools, { evidence, claim: null })
  const { findings } = await verify(input, workingChecks)
  const ok = findings.every(({ severity }) => severity !== 'reject')
  state.passedHash = ok ? hashSource(submission.files[0]?.content ?? '') : null
  // The same names as in the report, by which a person can waive them.
  return { ok, findings: findings.map((one) => ({ id: findingId(tools.attemptId, one), ...one })) }
}

/** `plumb submit`: takes the function out of the workspace, once, when it has passed `plumb check`. */
export async function submitFunction(
  tools: DeskTools,
  state: DeskState,
  operations: readonly string[],
): Promise<BoxSubmission> {
  // Read once: what is compared with the last check is what is handed in.
  const submission = await submissionOf(tools, operations)
  const refusal = refusalOf(tools, state, {
    operations,
    source: submission.files[0]?.content ?? '',
  })
  if (refusal !== null) return { kind: 'refused', ...refusal }
  await saveSubmission(tools.db, submission)
  await appendTraceEvent(tools.db, tools.attemptId, tools.now(), {
    kind: 'submitted',
    submissionHash: submission.hash,
  })
  state.end({ kind: 'submitted', hash: submission.hash })
  return { kind: 'submitted', hash: submission.hash }
}

function refusalOf(
  { description }: DeskTools,
  state: DeskState,
  { operations, source }: { operations: readonly string[]; source: string },
): { reason: string; remedy: string } | null {
  if (state.ending !== null) {
    const reason = `This attempt has ended (${state.ending.kind}).`
    return { reason, remedy: 'Stop here.' }
  }
  const known = new Set(description.operations.map(({ id }) => id))
  const unknown = operations.filter((id) => !known.has(id))
  if (unknown.length > 0) {
    const reason = `The API description has no operation ${unknown.map((id) => `"${id}"`).join(', ')}.`
    return { reason, remedy: 'Find the ids with `plumb docs search`.' }
  }
  if (state.passedHash !== hashSource(source)) {
    const reason = 'function.ts, as it is now, has not passed `plumb check`.'
    return { reason, remedy: 'Run `plumb check`, mend what it finds, then submit again.' }
  }
  return null
}

async function submissionOf(tools: DeskTools, operations: readonly string[]): Promise<Submission> {
  const files = await exportFiles(tools.workspace)
  const hash = hashSubmission(files)
  return { attemptId: tools.attemptId, files, hash, operations, submittedAt: tools.now() }
}
