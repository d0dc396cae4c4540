import { needsPerson, PlumbError } from '@plumb/protocol'
import type { Attempt, Waiver, WaiverEvidence, WaiverReason } from '@plumb/protocol'
import {
  decideInteraction,
  getAttempt,
  getSubmission,
  listExecutions,
  listInteractions,
  listReceipts,
  listWaivers,
  reopenRun,
  saveWaiver,
} from '@plumb/store'
import type { Database, Queryable } from '@plumb/store'
import { hashSource } from '@plumb/toolchain'
import { findingId } from '../reading/finding-id.js'
import { findFinding } from './find-finding.js'
import type { NamedFinding } from './find-finding.js'

export type WaiverOrder = {
  /** Id of a finding, or its beginning. */
  readonly finding: string
  readonly reason: WaiverReason
  readonly evidence: WaiverEvidence
  /** Name of the person who decides; null when nobody gave one. */
  readonly by: string | null
  /** Stands in for a name where none is needed. */
  readonly account: string
  readonly now: string
}

export type Waived = {
  readonly waiver: Waiver
  readonly run: string
  /** `<integration>/<interaction>`. */
  readonly interaction: string
  /** What became of the interaction. */
  readonly outcome: 'accepted' | 'rejected'
  /** Ids of the findings that still reject it. */
  readonly open: readonly string[]
  /** Why it stays rejected although nothing rejects it any more; null otherwise. */
  readonly missing: string | null
}

/**
 * Writes down that a finding does not reject, and decides its interaction again from what is stored. Throws
 * `finding-not-found`, or `waiver-refused` when a name is missing or the evidence is not there.
 */
export async function waiveFinding(db: Database, order: WaiverOrder): Promise<Waived> {
  const named = await findFinding(db, order.finding)
  const attempt = await getAttempt(db, named.attemptId)
  refuseNameless(named, order)
  await requireEvidence(db, named.attemptId, order.evidence)
  const waiver: Waiver = {
    findingId: named.id,
    attemptId: attempt.id,
    behaviour: named.finding.behaviour,
    reason: order.reason,
    evidence: order.evidence,
    by: order.by ?? order.account,
    at: order.now,
  }
  if (!(await saveWaiver(db, waiver)))
    throw refused(`The finding ${named.id} has a waiver already.`, 'There is nothing left to do.')
  return { waiver, ...(await decideAgain(db, attempt)) }
}

function refuseNameless({ id, finding }: NamedFinding, { by }: WaiverOrder): void {
  if (by !== null || !needsPerson(finding.behaviour)) return
  throw refused(
    `The finding ${id} (${finding.behaviour}) is about an error that became a success; only a person may waive it.`,
    'Give the name of the person who decided with --by <name>.',
  )
}

async function requireEvidence(
  db: Queryable,
  attemptId: string,
  evidence: WaiverEvidence,
): Promise<void> {
  switch (evidence.kind) {
    case 'receipt': {
      const [receipt] = await listReceipts(db, { ids: [evidence.receiptId] })
      if (receipt === undefined) throw missing(`the receipt ${JSON.stringify(evidence.receiptId)}`)
      return
    }
    case 'operation': {
      const operations = (await getSubmission(db, attemptId))?.operations ?? []
      if (operations.includes(evidence.operationId)) return
      throw missing(`the operation ${JSON.stringify(evidence.operationId)} in the submission`)
    }
    case 'docs':
      if (URL.canParse(evidence.url) && /^https?:$/.test(new URL(evidence.url).protocol)) return
      throw missing(`a page at ${JSON.stringify(evidence.url)}`)
  }
}

type Decided = Pick<Waived, 'run' | 'interaction' | 'outcome' | 'open' | 'missing'>

async function decideAgain(db: Database, attempt: Attempt): Promise<Decided> {
  const { runId: run, interactionKey: interaction } = attempt
  const waived = new Set((await listWaivers(db, { attemptId: attempt.id })).map((w) => w.findingId))
  const open = (attempt.verdict?.findings ?? [])
    .filter(({ severity }) => severity === 'reject')
    .map((finding) => findingId(attempt.id, finding))
    .filter((id) => !waived.has(id))
  const missing = open.length > 0 ? null : await whatIsMissing(db, attempt)
  if (open.length > 0 || missing !== null)
    return { run, interaction, outcome: 'rejected', open, missing }
  const current = (await listInteractions(db, run)).find(({ key }) => key === interaction)
  if (current?.outcome !== 'accepted') {
    const decision = { outcome: 'accepted', attemptId: attempt.id } as const
    await decideInteraction(db, { runId: run, key: interaction, ...decision })
    // The same build command goes on with the run, and assembles what is accepted now.
    await reopenRun(db, run)
  }
  return { run, interaction, outcome: 'accepted', open, missing }
}

/** A waiver makes no function: only what was handed in and has run can be accepted. */
async function whatIsMissing(db: Queryable, { id, verdict }: Attempt): Promise<string | null> {
  if (verdict?.kind !== 'rejected') return `The attempt ended as ${verdict?.kind ?? 'running'}.`
  const submission = await getSubmission(db, id)
  if (submission === null) return 'The attempt handed in nothing.'
  const hash = hashSource(submission.files[0]?.content ?? '')
  const executions = await listExecutions(db, { attemptId: id })
  const ran = executions.some(
    ({ sourceHash, outcome, purpose }) =>
      purpose === 'dryrun' && sourceHash === hash && outcome.kind === 'returned',
  )
  return ran ? null : 'No dry run of what was handed in returned a result.'
}

function missing(what: string): PlumbError {
  return refused(
    `The waiver rests on ${what}, which is not there.`,
    'Give --evidence receipt:<id>, docs:<url> or operation:<id> of something that can be looked up.',
  )
}

function refused(message: string, remedy: string): PlumbError {
  return new PlumbError({ code: 'waiver-refused', message, remedy })
}
