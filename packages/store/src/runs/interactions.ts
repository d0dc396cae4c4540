import { PlumbError, type Outcome, type RunInteraction } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** Stores a run's interactions in order. Those that are there already keep their outcome. */
export async function saveInteractions(
  db: Queryable,
  runId: string,
  interactions: readonly RunInteraction[],
): Promise<void> {
  await db.query(
    `insert into plumb.interactions
       (run_id, key, position, integration_key, interaction, outcome, attempt_id)
     select $1, key, position, integration_key, interaction::json, outcome, attempt_id
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) with ordinality
       as given (key, integration_key, interaction, outcome, attempt_id, position)
     on conflict (run_id, key) do nothing`,
    [
      runId,
      interactions.map((each) => each.key),
      interactions.map((each) => each.integrationKey),
      interactions.map((each) => JSON.stringify(each.interaction)),
      interactions.map((each) => each.outcome),
      interactions.map((each) => each.attemptId),
    ],
  )
}

/** The interactions of a run in the order of its briefs. */
export async function listInteractions(
  db: Queryable,
  runId: string,
): Promise<readonly RunInteraction[]> {
  return db.query<RunInteraction>(
    `select run_id as "runId", key, integration_key as "integrationKey", interaction, outcome,
       attempt_id as "attemptId"
     from plumb.interactions where run_id = $1 order by position, key`,
    [runId],
  )
}

export type InteractionDecision = {
  readonly runId: string
  readonly key: string
  readonly outcome: Outcome
  readonly attemptId: string | null
}

/** Sets the outcome of an interaction; a later decision replaces it. Throws `run-not-found`. */
export async function decideInteraction(db: Queryable, d: InteractionDecision): Promise<void> {
  const rows = await db.query(
    `update plumb.interactions set outcome = $3, attempt_id = $4
     where run_id = $1 and key = $2 returning key`,
    [d.runId, d.key, d.outcome, d.attemptId],
  )
  if (rows.length > 0) return
  throw new PlumbError({
    code: 'run-not-found',
    message: `Run "${d.runId}" has no interaction "${d.key}".`,
    remedy: 'Save the interactions of a run before deciding them.',
  })
}
