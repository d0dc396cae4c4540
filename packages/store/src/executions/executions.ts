import type { Execution } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** Stores a finished execution, once. */
export async function saveExecution(db: Queryable, execution: Execution): Promise<void> {
  await db.query(
    `insert into plumb.executions
       (id, attempt_id, purpose, function_name, source_hash, started_at, body)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      execution.id,
      execution.attemptId,
      execution.purpose,
      execution.functionName,
      execution.sourceHash,
      execution.startedAt,
      JSON.stringify(execution),
    ],
  )
}

/** Null when there is none of that id. */
export async function getExecution(db: Queryable, id: string): Promise<Execution | null> {
  const [row] = await db.query<{ body: Execution }>(
    'select body from plumb.executions where id = $1',
    [id],
  )
  return row?.body ?? null
}

/** The executions of an attempt in the order in which they were stored. */
export async function listExecutions(
  db: Queryable,
  filter: { readonly attemptId: string },
): Promise<readonly Execution[]> {
  const rows = await db.query<{ body: Execution }>(
    'select body from plumb.executions where attempt_id = $1 order by position',
    [filter.attemptId],
  )
  return rows.map((row) => row.body)
}
