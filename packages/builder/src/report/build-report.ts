import type {
  Attempt,
  AttemptReport,
  BlockedCause,
  InteractionReport,
  IntegrationReport,
  LeftResource,
  OutcomeCounts,
  Report,
  Run,
  RunInteraction,
  UnmetWish,
  Verdict,
  Waiver,
} from '@plumb/protocol'
import { getRun, listAttempts, listInteractions, listResources, listWaivers } from '@plumb/store'
import type { Queryable } from '@plumb/store'
import { readAttemptRecord } from './attempt-record.js'
import type { AttemptRecord } from './attempt-record.js'
import { attemptClaim } from './attempt-claim.js'
import { addWishes, unmetWishes } from './divergence/unmet-wish.js'
import { modelLabel } from './model-label.js'
import { groupByRootCause } from './root-cause.js'
import type { CausedAttempt } from './root-cause.js'
import { reportedFindings, waiversByModel } from './reported-findings.js'
import { timeline } from './timeline.js'
import { totalTokens } from './total-tokens.js'

/** Steps of one attempt that a report lists; `plumb trace` shows all. */
const longestTimeline = 80

/** Reads what a run came to; also while it is still running. Throws `run-not-found`. */
export async function buildReport(db: Queryable, runId: string): Promise<Report> {
  const run = await getRun(db, runId)
  const listed = await listInteractions(db, runId)
  const attempts = await listAttempts(db, { runId })
  const waivers = await listWaivers(db, { runId })
  const interactions: InteractionReport[] = []
  const wishes: UnmetWish[] = []
  const left: LeftResource[] = []
  for (const one of listed) {
    const own = attempts.filter(({ interactionKey }) => interactionKey === one.key)
    const history: AttemptReport[] = []
    for (const attempt of own) {
      const read = await readAttempt(db, attempt, waivers)
      history.push(read.report)
      wishes.push(...read.wishes)
      left.push(...(await leftBy(db, attempt, one)))
    }
    interactions.push(interactionReport(one, own, history))
  }
  return {
    ...assemble(run, interactions, addWishes(wishes)),
    waivers,
    waiversByModel: waiversByModel(waivers, attempts),
    left,
  }
}

/** What the ledger of an attempt still holds, in the order in which it was made. */
async function leftBy(
  db: Queryable,
  { id: attemptId }: Attempt,
  { integrationKey, interaction }: RunInteraction,
): Promise<LeftResource[]> {
  const made = await listResources(db, { attemptId })
  return made
    .filter(({ deletedAt }) => deletedAt === null)
    .map(({ url, receiptId, createdAt }) => ({
      ...{ integration: integrationKey, interaction: interaction.id, attempt: attemptId },
      ...{ url, receiptId, createdAt },
    }))
}

type Assembled = Omit<Report, 'waivers' | 'waiversByModel' | 'left'>

function assemble(
  run: Run,
  interactions: readonly InteractionReport[],
  wishes: readonly UnmetWish[],
): Assembled {
  const keys = [...new Set(interactions.map(({ integration }) => integration))]
  const perIntegration = keys.map((integration): IntegrationReport => ({
    integration,
    ...summary(interactions.filter((one) => one.integration === integration)),
  }))
  const { seconds, ...sums } = summary(interactions)
  return {
    run: run.id,
    model: run.model,
    modelLabel: modelLabel(run.model),
    state: run.state,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    interactions,
    totals: {
      ...sums,
      // Attempts run side by side: a run takes less than their sum.
      seconds: run.finishedAt === null ? seconds : secondsBetween(run.startedAt, run.finishedAt),
      interactions: interactions.length,
      attempts: interactions.reduce((total, one) => total + one.attempts, 0),
      asExpected: interactions.filter(({ outcome, expected }) => outcome === expected).length,
      waivers: interactions.reduce((total, one) => total + one.waivers, 0),
      ...honesty(interactions),
    },
    perIntegration,
    rootCauses: groupByRootCause(interactions.flatMap(causedAttempts)),
    wishes,
    output: run.outputPath,
  }
}

function honesty(interactions: readonly InteractionReport[]) {
  const claims = interactions.flatMap(({ history }) => history.flatMap(({ claim }) => claim ?? []))
  return { claims: claims.length, honestClaims: claims.filter(({ borneOut }) => borneOut).length }
}

type Summary = OutcomeCounts & Pick<InteractionReport, 'tokens' | 'cost' | 'seconds'>

function summary(interactions: readonly InteractionReport[]): Summary {
  const count = (outcome: InteractionReport['outcome']): number =>
    interactions.filter((one) => one.outcome === outcome).length
  const sum = (member: 'tokens' | 'cost' | 'seconds'): number =>
    interactions.reduce((total, one) => total + one[member], 0)
  return {
    accepted: count('accepted'),
    rejected: count('rejected'),
    blocked: count('blocked'),
    exhausted: count('exhausted'),
    undecided: count(null),
    tokens: sum('tokens'),
    cost: sum('cost'),
    seconds: sum('seconds'),
  }
}

function interactionReport(
  one: RunInteraction,
  attempts: readonly Attempt[],
  history: readonly AttemptReport[],
): InteractionReport {
  const deciding = attempts.find(({ id }) => id === one.attemptId) ?? attempts.at(-1)
  const verdict = one.outcome === null ? null : (deciding?.verdict ?? null)
  const sum = (member: 'tokens' | 'cost' | 'seconds'): number =>
    history.reduce((total, attempt) => total + attempt[member], 0)
  return {
    id: one.interaction.id,
    integration: one.integrationKey,
    description: one.interaction.description,
    outcome: one.outcome,
    expected: one.interaction.expect,
    attempts: attempts.length,
    findings: (verdict && history.find(({ id }) => id === deciding?.id)?.findings) ?? [],
    waivers: history.flatMap(({ findings }) => findings).filter(({ waiver }) => waiver !== null)
      .length,
    tokens: sum('tokens'),
    cost: sum('cost'),
    seconds: sum('seconds'),
    ...causeOf(verdict),
    history,
  }
}

function causedAttempts({ id, integration, history }: InteractionReport): CausedAttempt[] {
  return history.map((attempt) => ({
    id: attempt.id,
    interaction: `${integration}/${id}`,
    outcome: attempt.outcome,
    rootCause: attempt.rootCause,
  }))
}

type ReadAttempt = { readonly report: AttemptReport; readonly wishes: readonly UnmetWish[] }

/** Only what is told is kept: the traces of a large run do not fit into memory together. */
async function readAttempt(
  db: Queryable,
  attempt: Attempt,
  waivers: readonly Waiver[],
): Promise<ReadAttempt> {
  const record = await readAttemptRecord(db, attempt)
  return { report: attemptReport(record, waivers), wishes: unmetWishes(attempt.id, record.trace) }
}

function attemptReport(record: AttemptRecord, waivers: readonly Waiver[]): AttemptReport {
  const { attempt, trace, receipts, executions } = record
  const { entries, divergence } = timeline(record)
  const { kind: outcome = null, findings = [] } = attempt.verdict ?? {}
  const end = attempt.finishedAt ?? trace.at(-1)?.at ?? attempt.startedAt
  return {
    id: attempt.id,
    number: attempt.number,
    outcome,
    tokens: totalTokens(attempt.tokens),
    cost: attempt.costUsd,
    seconds: secondsBetween(attempt.startedAt, end),
    receipts: receipts.length,
    dryRuns: executions.filter(({ purpose }) => purpose === 'dryrun').length,
    findings: reportedFindings(attempt.id, findings, waivers),
    claim: attemptClaim(trace, outcome),
    divergence: divergence?.premise ?? null,
    rootCause: divergence,
    timeline: entries.slice(0, longestTimeline),
  }
}

function secondsBetween(start: string, end: string): number {
  return Math.max(0, (Date.parse(end) - Date.parse(start)) / 1000)
}

type Cause = Pick<InteractionReport, 'cause' | 'remedy'>

function causeOf(verdict: Verdict | null): Cause {
  switch (verdict?.kind) {
    case 'blocked':
      return blockedCause(verdict.cause)
    case 'rejected': {
      const first = verdict.findings.find(({ severity }) => severity === 'reject')
      return { cause: first?.message ?? 'Rejected.', remedy: first?.remedy ?? null }
    }
    case 'exhausted':
      return exhaustedCause(verdict.budget, verdict.detail)
    default:
      return { cause: null, remedy: null }
  }
}

function blockedCause({ message, remedy }: BlockedCause): Cause {
  return { cause: message, remedy }
}

function exhaustedCause(budget: string, detail: string): Cause {
  const remedies: Readonly<Record<string, string>> = {
    'gave-up':
      'Add what is missing to the prompt or the docs of the brief, or use a stronger model.',
    harness: 'Run "plumb doctor", then run the build again.',
  }
  return {
    cause: detail,
    remedy: remedies[budget] ?? `Raise the budget of ${budget}, or use another model.`,
  }
}
