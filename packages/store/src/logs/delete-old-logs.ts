import type { Queryable } from '../database/database.js'

/** Rows of one statement: short enough to disturb nobody. */
const batch = 5000

/** Deletes operations that started before `before` (ISO 8601), and their messages. Returns how many operations. */
export async function deleteOldLogs(
  db: Queryable,
  { before, signal }: { readonly before: string; readonly signal?: AbortSignal },
): Promise<number> {
  let deleted = 0
  for (;;) {
    signal?.throwIfAborted()
    const rows = await db.query<{ id: string }>(
      `with old as (
         delete from plumb.operations where id in (
           select id from plumb.operations where started_at < $1 order by started_at limit ${batch})
         returning id),
       told as (delete from plumb.messages where operation_id in (select id from old))
       select id from old`,
      [before],
    )
    deleted += rows.length
    if (rows.length < batch) return deleted
  }
}
