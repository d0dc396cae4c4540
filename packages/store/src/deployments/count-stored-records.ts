import type { Queryable } from '../database/database.js'

/** How many records that are not deleted the models of an integration hold, over all its connections. */
export async function countStoredRecords(
  db: Queryable,
  of: {
    readonly environment: string
    readonly integrationKey: string
    readonly models: readonly string[]
  },
): Promise<number> {
  const [found] = await db.query<{ count: number }>(
    `select coalesce(sum(live), 0)::bigint as count from plumb.record_streams
     where environment = $1 and integration_key = $2 and model = any($3::text[])
       and abandoned_at is null`,
    [of.environment, of.integrationKey, of.models],
  )
  return found?.count ?? 0
}
