import type { Integration } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** Stores an integration, or replaces the one of that key. */
export async function saveIntegration(
  db: Queryable,
  environment: string,
  integration: Integration,
): Promise<void> {
  await db.query(
    `insert into plumb.integrations (environment, integration_key, body) values ($1, $2, $3)
     on conflict (environment, integration_key) do update set body = excluded.body`,
    [environment, integration.integrationKey, JSON.stringify(integration)],
  )
}

/** Null when there is none of that key. */
export async function getIntegration(
  db: Queryable,
  environment: string,
  integrationKey: string,
): Promise<Integration | null> {
  const [row] = await db.query<{ body: Integration }>(
    'select body from plumb.integrations where environment = $1 and integration_key = $2',
    [environment, integrationKey],
  )
  return row?.body ?? null
}

/** All integrations of an environment, by key. */
export async function listIntegrations(
  db: Queryable,
  environment: string,
): Promise<readonly Integration[]> {
  const rows = await db.query<{ body: Integration }>(
    'select body from plumb.integrations where environment = $1 order by integration_key',
    [environment],
  )
  return rows.map((row) => row.body)
}
