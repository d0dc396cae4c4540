import {
  PlumbError,
  type Artefact,
  type Attempt,
  type Finding,
  type TokenUsage,
  type Verdict,
} from '@plumb/protocol'
import type { Database, Queryable } from '../database/database.js'
import { writeVerdict } from './findings.js'

export type NewAttempt = Pick<
  Attempt,
  'id' | 'runId' | 'interactionKey' | 'number' | 'model' | 'startedAt'
>

/** Stores an attempt that has just begun. Its run and interaction must be there. */
export async function startAttempt(db: Queryable, attempt: NewAttempt): Promise<void> {
  await db.query(
    `insert into plumb.attempts (id, run_id, interaction_key, number, model, started_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      attempt.id,
      attempt.runId,
      attempt.interactionKey,
      attempt.number,
      attempt.model,
      attempt.startedAt,
    ],
  )
}

/** Adds to what an attempt has used so far. Throws `attempt-not-found`. */
export async function addUsage(
  db: Queryable,
  attemptId: string,
  ...[tokens, costUsd]: readonly [tokens: TokenUsage, costUsd: number]
): Promise<void> {
  const rows = await db.query(
    `update plumb.attempts set
       input_tokens = input_tokens + $2, output_tokens = output_tokens + $3,
       reasoning_tokens = reasoning_tokens + $4, cache_read_tokens = cache_read_tokens + $5,
       cache_write_tokens = cache_write_tokens + $6, cost_usd = cost_usd + $7
     where id = $1 returning id`,
    [
      attemptId,
      tokens.input,
      tokens.output,
      tokens.reasoning,
      tokens.cacheRead,
      tokens.cacheWrite,
      costUsd,
    ],
  )
  if (rows.length === 0) throw attemptNotFound(`There is no attempt "${attemptId}".`)
}

export type FinishedAttempt = {
  readonly id: string
  readonly verdict: Verdict
  readonly artefacts: readonly Artefact[]
  readonly finishedAt: string
}

/** Ends an attempt, once, together with its verdict and findings. Throws `attempt-not-found`. */
export async function finishAttempt(db: Database, end: FinishedAttempt): Promise<void> {
  await db.transaction(async (tx) => {
    const rows = await tx.query(
      `update plumb.attempts set artefacts = $2, finished_at = $3
       where id = $1 and finished_at is null returning id`,
      [end.id, JSON.stringify(end.artefacts), end.finishedAt],
    )
    if (rows.length === 0) throw attemptNotFound(`There is no unfinished attempt "${end.id}".`)
    await writeVerdict(tx, end.id, end.verdict)
  })
}

/** An attempt by its id, or by a beginning of it that no other has. Throws `attempt-not-found`. */
export async function getAttempt(db: Queryable, idOrPrefix: string): Promise<Attempt> {
  const rows = await db.query<AttemptRow>(
    `${selectAttempts} where starts_with(a.id, $1) order by a.id <> $1, a.id limit 4`,
    [idOrPrefix],
  )
  const [first] = rows
  if (first === undefined || idOrPrefix === '') {
    throw attemptNotFound(`There is no attempt whose id begins with "${idOrPrefix}".`)
  }
  if (first.id === idOrPrefix || rows.length === 1) return attemptOf(first)
  const ids = rows.map((row) => row.id).join(', ')
  throw attemptNotFound(`Several attempts begin with "${idOrPrefix}": ${ids}.`)
}

/** The attempts of a run, or of one of its interactions, in the order of their start. */
export async function listAttempts(
  db: Queryable,
  filter: { readonly runId: string; readonly interactionKey?: string },
): Promise<readonly Attempt[]> {
  const rows = await db.query<AttemptRow>(
    `${selectAttempts} where a.run_id = $1 and ($2::text is null or a.interaction_key = $2)
     order by a.started_at, a.interaction_key, a.number`,
    [filter.runId, filter.interactionKey ?? null],
  )
  return rows.map(attemptOf)
}

const selectAttempts = `
  select a.id, a.run_id as "runId", a.interaction_key as "interactionKey", a.number, a.model,
    a.input_tokens as "input", a.output_tokens as "output", a.reasoning_tokens as "reasoning",
    a.cache_read_tokens as "cacheRead", a.cache_write_tokens as "cacheWrite", a.cost_usd as "costUsd",
    a.artefacts, a.started_at as "startedAt", a.finished_at as "finishedAt", v.body as "verdict",
    (select json_agg(f.body order by f.position) from plumb.findings f where f.attempt_id = a.id) as "findings"
  from plumb.attempts a left join plumb.verdicts v on v.attempt_id = a.id`

type AttemptRow = Omit<Attempt, 'tokens' | 'verdict'> &
  TokenUsage & { verdict: Omit<Verdict, 'findings'> | null; findings: readonly Finding[] | null }

function attemptOf(row: AttemptRow): Attempt {
  const { input, output, reasoning, cacheRead, cacheWrite, verdict, findings, ...attempt } = row
  const tokens = { input, output, reasoning, cacheRead, cacheWrite }
  if (verdict === null) return { ...attempt, tokens, verdict }
  return { ...attempt, tokens, verdict: { ...verdict, findings: findings ?? [] } as Verdict }
}

function attemptNotFound(message: string): PlumbError {
  return new PlumbError({
    code: 'attempt-not-found',
    message,
    remedy: 'List the attempts of a run with "plumb runs <run>" and give more of the id.',
  })
}
