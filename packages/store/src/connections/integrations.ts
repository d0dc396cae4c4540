import type { Integration } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** Stores an integration, or replaces the one of that key. */
export async function saveIntegration(db: Queryable, integration: Integration): Promise<void> {
  await db.query(
    `insert into plumb.integrations (integration_key, body) values ($1, $2)
     on conflict (integration_key) do update set body = excluded.body`,
    [integration.integrationKey, JSON.stringify(integration)],
  )
}

/** Null when there is none of that key. */
export async function getIntegration(
  db: Queryable,
  integrationKey: string,
): Promise<Integration | null> {
  const [row] = await db.query<{ body: Integration }>(
    'select body from plumb.integrations where integration_key = $1',
    [integrationKey],
  )
  return row?.body ?? null
}

/** All integrations by key. */
export async function listIntegrations(db: Queryable): Promise<readonly Integration[]> {
  const rows = await db.query<{ body: Integration }>(
    'select body from plumb.integrations order by integration_key',
  )
  return rows.map((row) => row.body)
}
