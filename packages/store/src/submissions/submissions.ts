import type { Submission } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** Stores what an attempt handed in; a later submission of the attempt stands beside it. */
export async function saveSubmission(db: Queryable, submission: Submission): Promise<void> {
  await db.query('insert into plumb.submissions (attempt_id, hash, body) values ($1, $2, $3)', [
    submission.attemptId,
    submission.hash,
    JSON.stringify(submission),
  ])
}

/** The latest submission of an attempt; null when it has handed in nothing. */
export async function getSubmission(db: Queryable, attemptId: string): Promise<Submission | null> {
  const [row] = await db.query<{ body: Submission }>(
    'select body from plumb.submissions where attempt_id = $1 order by position desc limit 1',
    [attemptId],
  )
  return row?.body ?? null
}
