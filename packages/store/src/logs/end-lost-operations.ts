import type { Queryable } from '../database/database.js'
import type { StoredOperation } from './operations.js'

/** The longest that one may lie behind the limits and still be looked for. */
const lookBack = '2 days'

/**
 * Ends operations that still run in the log: those that started before `before`, syncs before `syncsBefore` (ISO
 * 8601). One that runs after all tells its own end later, and that holds. Returns how many.
 */
export async function endLostOperations(
  db: Queryable,
  o: {
    readonly before: string
    readonly syncsBefore: string
    readonly error: NonNullable<StoredOperation['error']>
  },
): Promise<number> {
  const rows = await db.query<{ id: string }>(
    `update plumb.operations set state = 'failed', error = $3, finished_at = clock_timestamp()
     where state = 'running'
       and started_at between least($1::timestamptz, $2::timestamptz) - interval '${lookBack}'
         and greatest($1::timestamptz, $2::timestamptz)
       and started_at < case when kind = 'sync' then $2::timestamptz else $1::timestamptz end
     returning id`,
    [o.before, o.syncsBefore, JSON.stringify(o.error)],
  )
  return rows.length
}
