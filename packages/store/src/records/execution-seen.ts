import type { Queryable } from '../database/database.js'

/**
 * Notes ids of a stream that an execution has seen; `execution` is what the first call returned, null for a new one.
 * Only the execution itself asks for them, so no lock is needed.
 */
export async function noteExecutionSeen(
  db: Queryable,
  { streamId, execution, ids }: ExecutionSeen & { readonly ids: readonly string[] },
): Promise<number> {
  const [row] = await db.query<{ execution: number }>(
    `insert into plumb.execution_seen (stream_id, execution, ids)
     select $1, coalesce($2, nextval('plumb.execution_numbers')), array_agg(hashtextextended(i collate "C", 0))
     from unnest($3::text[]) i returning execution`,
    [streamId, execution, ids],
  )
  return row?.execution ?? 0
}

type ExecutionSeen = { readonly streamId: number; readonly execution: number | null }

/** How many batches of a stream are still known of an execution. */
export async function countExecutionSeen(
  db: Queryable,
  { streamId, execution }: ExecutionSeen,
): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    'select count(*) as count from plumb.execution_seen where stream_id = $1 and execution = $2',
    [streamId, execution],
  )
  return row?.count ?? 0
}

/** Forgets what an execution has seen of those streams. */
export async function deleteExecutionSeen(
  db: Queryable,
  { streamIds, execution }: { readonly streamIds: readonly number[]; readonly execution: number },
): Promise<void> {
  await db.query('delete from plumb.execution_seen where stream_id = any ($1) and execution = $2', [
    streamIds,
    execution,
  ])
}

/** Forgets what executions left that ended without a word. No execution takes two days. */
export async function deleteOldExecutionSeen(db: Queryable): Promise<void> {
  await db.query(`delete from plumb.execution_seen where seen_at < now() - interval '2 days'`)
}
