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
     on conflict (environment, integration_key) do update set body = excluded.body, updated_at = now()`,
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

/** An integration with its times, as lists show it. */
export type DatedIntegration = Integration & {
  readonly createdAt: string
  readonly updatedAt: string
}

/** Integrations of an environment by key, or those of the given keys, with their times. */
export async function listDatedIntegrations(
  db: Queryable,
  environment: string,
  keys?: readonly string[],
): Promise<readonly DatedIntegration[]> {
  const rows = await db.query<{ body: Integration; createdAt: string; updatedAt: string }>(
    `select body, created_at as "createdAt", updated_at as "updatedAt" from plumb.integrations
     where environment = $1 and ($2::text[] is null or integration_key = any ($2))
     order by integration_key`,
    [environment, keys ?? null],
  )
  return rows.map(({ body, ...times }) => ({ ...body, ...times }))
}

/** False when there is none of that key. The database refuses while it has connections. */
export async function deleteIntegration(
  db: Queryable,
  environment: string,
  integrationKey: string,
): Promise<boolean> {
  const rows = await db.query(
    'delete from plumb.integrations where environment = $1 and integration_key = $2 returning integration_key',
    [environment, integrationKey],
  )
  return rows.length === 1
}
