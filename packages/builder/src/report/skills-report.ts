import type { Attempt, RootCauseKind, SkillVersion } from '@plumb/protocol'
import { getAttempt, listSkillUses } from '@plumb/store'
import type { Queryable } from '@plumb/store'
import { readAttemptRecord } from './attempt-record.js'
import { rootCauseTitles } from './divergence/premise-kinds.js'
import { rootCause } from './root-cause.js'
import { totalTokens } from './total-tokens.js'
import { wilsonInterval } from './wilson-interval.js'
import type { Share } from './wilson-interval.js'

/** What became of the attempts that had one version of one skill. */
export type SkillReport = {
  readonly skill: string
  /** SHA-256 of the skill's files; `unknown` for attempts of which it was not kept. */
  readonly version: string
  readonly firstUsedAt: string
  readonly lastUsedAt: string
  readonly models: readonly string[]
  readonly attempts: number
  readonly accepted: number
  readonly rejected: number
  readonly blocked: number
  readonly exhausted: number
  /** Accepted of all attempts, with the Wilson 95 % interval. */
  readonly passRate: Share
  /** Attempts for each interaction that was accepted; null when none was. */
  readonly attemptsPerAccepted: number | null
  /** Per attempt. */
  readonly tokens: number
  /** US dollars per attempt. */
  readonly cost: number
  /** Per attempt. */
  readonly seconds: number
  /** The commonest first. */
  readonly rootCauses: readonly SkillRootCause[]
}

type SkillRootCause = {
  readonly kind: RootCauseKind
  readonly title: string
  /** Of the attempt that shows it, such as `plumb record`. */
  readonly subject: string
  readonly attempts: number
}

const unknown: SkillVersion = { name: 'unknown', version: 'unknown' }

type Group = { readonly skill: SkillVersion; readonly used: Used[] }

type Used = { readonly attempt: Attempt; readonly cause: Omit<SkillRootCause, 'attempts'> | null }

/** How each version of each skill did in the newest `limit` attempts, the newest version first. */
export async function skillsReport(
  db: Queryable,
  filter: { readonly limit: number; readonly model?: string },
): Promise<SkillReport[]> {
  const uses = await listSkillUses(db, filter)
  const read = new Map<string, Used>()
  const groups = new Map<string, Group>()
  for (const { attemptId, skill } of uses) {
    const used = read.get(attemptId) ?? (await readUsed(db, attemptId))
    read.set(attemptId, used)
    const key = `${(skill ?? unknown).name} ${(skill ?? unknown).version}`
    const group: Group = groups.get(key) ?? { skill: skill ?? unknown, used: [] }
    group.used.push(used)
    groups.set(key, group)
  }
  const reports = [...groups.values()].map(({ skill, used }) => reportOf(skill, used))
  return reports.sort((a, b) => (a.lastUsedAt < b.lastUsedAt ? 1 : -1))
}

/** Keeps what is counted, and lets go of the trace. */
async function readUsed(db: Queryable, attemptId: string): Promise<Used> {
  const attempt = await getAttempt(db, attemptId)
  const cause = rootCause(await readAttemptRecord(db, attempt))
  if (cause === null) return { attempt, cause }
  const { kind, subject } = cause
  return { attempt, cause: { kind, subject, title: rootCauseTitles[kind] } }
}

function reportOf(skill: SkillVersion, used: readonly Used[]): SkillReport {
  const attempts = used.map(({ attempt }) => attempt)
  const count = (kind: string) => attempts.filter(({ verdict }) => verdict?.kind === kind).length
  const mean = (of: (attempt: Attempt) => number) =>
    attempts.reduce((total, attempt) => total + of(attempt), 0) / attempts.length
  const begun = attempts.map(({ startedAt }) => startedAt).sort()
  const accepted = count('accepted')
  return {
    skill: skill.name,
    version: skill.version,
    firstUsedAt: begun[0] ?? '',
    lastUsedAt: begun.at(-1) ?? '',
    models: [...new Set(attempts.map(({ model }) => model))].sort(),
    attempts: attempts.length,
    accepted,
    rejected: count('rejected'),
    blocked: count('blocked'),
    exhausted: count('exhausted'),
    passRate: wilsonInterval(accepted, attempts.length),
    attemptsPerAccepted: perAccepted(attempts),
    tokens: mean(({ tokens }) => totalTokens(tokens)),
    cost: mean(({ costUsd }) => costUsd),
    seconds: mean(secondsOf),
    rootCauses: countCauses(used),
  }
}

/** The attempts of those interactions that were accepted in the end, for each of them. */
function perAccepted(attempts: readonly Attempt[]): number | null {
  const keyOf = ({ runId, interactionKey }: Attempt) => `${runId} ${interactionKey}`
  const accepted = attempts.filter(({ verdict }) => verdict?.kind === 'accepted')
  const keys = new Set(accepted.map(keyOf))
  return keys.size === 0
    ? null
    : attempts.filter((attempt) => keys.has(keyOf(attempt))).length / keys.size
}

function secondsOf({ startedAt, finishedAt }: Attempt): number {
  return Math.max(0, (Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt)) / 1000)
}

function countCauses(used: readonly Used[]): SkillRootCause[] {
  const counts = new Map<string, SkillRootCause>()
  for (const { cause } of used) {
    if (cause === null) continue
    const key = `${cause.kind} ${cause.subject}`
    counts.set(key, { ...cause, attempts: (counts.get(key)?.attempts ?? 0) + 1 })
  }
  return [...counts.values()].sort((a, b) => b.attempts - a.attempts)
}
