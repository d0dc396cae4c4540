import type { Queryable } from '../database/database.js'

/** Which client at which authorization server. */
export type OAuthClientName = {
  readonly environment: string
  readonly integrationKey: string
  readonly issuer: string
  readonly redirectUri: string
}

/** The encrypted client; null when none is registered. */
export async function getOAuthClient(
  db: Queryable,
  { environment, integrationKey, issuer, redirectUri }: OAuthClientName,
): Promise<string | null> {
  const [row] = await db.query<{ client: string }>(
    `select encrypted_client as client from plumb.oauth_clients
     where environment = $1 and integration_key = $2 and issuer = $3 and redirect_uri = $4`,
    [environment, integrationKey, issuer, redirectUri],
  )
  return row?.client ?? null
}

/** Keeps a client. Of two that were registered at once the first one stays. */
export async function saveOAuthClient(
  db: Queryable,
  name: OAuthClientName,
  encryptedClient: string,
): Promise<void> {
  await db.query(
    `insert into plumb.oauth_clients (environment, integration_key, issuer, redirect_uri, encrypted_client, created_at)
     values ($1, $2, $3, $4, $5, now()) on conflict do nothing`,
    [name.environment, name.integrationKey, name.issuer, name.redirectUri, encryptedClient],
  )
}
