import type { Verdict } from '@plumb/protocol'
import { runAgent } from './agent/run-agent.js'
import type { AgentOutcome } from './agent/run-agent.js'
import { beginAttempt, endAttempt, rejectedAttempts } from './attempt-record.js'
import type { Decision } from './attempt-record.js'
import type { BuildItem, BuildTools } from './build-tools.js'
import { explainVerdict } from './explain-verdict.js'
import { findClosedAccount } from './find-closed-account.js'
import { openDesk } from './desk/open-desk.js'
import type { Desk } from './desk/open-desk.js'
import type { DeskTools } from './desk/desk-tools.js'
import { verificationInputOf } from './desk/verification-input-of.js'
import { draftFunction } from './draft/draft-function.js'
import { collectEvidence } from './evidence/collect-evidence.js'
import { firstPrompt } from './agent/prompts.js'
import { readEnding } from './read-ending.js'
import { recordGivens } from './record-givens.js'
import { recordTrace } from './record-trace.js'
import { removeResidue } from './residue/remove-residue.js'
import { canaryOf } from './reading/canary.js'
import { verify } from './verification/verify.js'
import { exportSubmission } from './workspace/export-submission.js'
import { openWorkspace } from './workspace/open-workspace.js'
import { changedProtectedFiles } from './workspace/protected-files.js'
import { serveBox } from './workspace/serve-box.js'

/** Builds one interaction: attempts from scratch until one is not rejected, or the tries are used up. */
export async function buildInteraction(tools: BuildTools, item: BuildItem): Promise<Decision> {
  for (let rejected = await rejectedAttempts(tools, item); ;) {
    const decision = await attempt(tools, item)
    if (decision.verdict.kind !== 'rejected' || ++rejected >= tools.maxAttempts) return decision
    const reason = explainVerdict(decision.verdict)
    tools.onProgress({ kind: 'attempt-rejected', key: item.key, reason })
  }
}

/** One attempt: workspace, agent, evidence, verification. Afterwards only what the store keeps is left of it. */
async function attempt(tools: BuildTools, item: BuildItem): Promise<Decision> {
  const attemptId = await beginAttempt(tools, item)
  const closed = await findClosedAccount(tools, item, attemptId)
  if (closed !== null) return endAttempt(tools, { attemptId, verdict: closed })
  const draft = draftFunction(item)
  const workspace = await openWorkspace({
    ...item,
    ...tools,
    root: tools.workspaceRoot,
    attemptId,
    draft,
    canary: canaryOf(tools.newId('canary')),
  })
  try {
    await recordGivens(tools, item, { workspace, draft })
    const deskTools = { ...tools, ...item, workspace, attemptId }
    const desk = openDesk(deskTools)
    const outcome = await work(deskTools, desk)
    return await endAttempt(tools, { attemptId, verdict: await judge(deskTools, desk, outcome) })
  } finally {
    await workspace.close()
    if (!tools.keepResources) await removeResidue(tools, item, attemptId)
  }
}

type AttemptTools = BuildTools & DeskTools

/** Lets the agent work at its desk until it is over. */
async function work(tools: AttemptTools, desk: Desk): Promise<AgentOutcome> {
  const { workspace, attemptId } = tools
  const trace = recordTrace(tools, attemptId)
  const box = await serveBox({ workspace, handlers: desk.actions, onCall: trace.append })
  try {
    const { harness, model, budget, signal } = tools
    return await runAgent({
      ...{ harness, model, budget, signal, workspace, attemptId },
      prompt: firstPrompt,
      isOver: () => desk.isOver(),
      onEvent: trace.append,
    })
  } finally {
    await box.close()
    await workspace.launcher.close()
    await trace.settled()
  }
}

/** Decides from evidence alone. */
async function judge(tools: AttemptTools, desk: Desk, outcome: AgentOutcome): Promise<Verdict> {
  const ending = readEnding(outcome, desk.state.ending)
  if (ending.kind === 'decided') return ending.verdict
  const changed = await changedProtectedFiles(tools.workspace)
  const protectedFilesChanged = changed.map(({ path }) => path)
  const evidence = await collectEvidence({ ...tools, protectedFilesChanged })
  const exported = await exportSubmission(tools.workspace)
  const input = await verificationInputOf(tools, { evidence, exported, claim: ending.claim })
  return verify(input)
}
