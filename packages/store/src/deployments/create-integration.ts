import type { Integration } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** Stores an integration unless there is one of that key; false when there is. */
export async function createIntegration(
  db: Queryable,
  environment: string,
  integration: Integration,
): Promise<boolean> {
  const created = await db.query(
    `insert into plumb.integrations (environment, integration_key, body) values ($1, $2, $3)
     on conflict (environment, integration_key) do nothing returning integration_key`,
    [environment, integration.integrationKey, JSON.stringify(integration)],
  )
  return created.length > 0
}
