import type { Queryable } from '../database/database.js'

/** Where encrypted secrets are stored. */
export const sealedColumns = [
  'connections',
  'integrations',
  'oauth-clients',
  'authorizations',
] as const

export type SealedColumn = (typeof sealedColumns)[number]

/** One stored secret, or the document of an integration that holds some, with what it belongs to. */
export type SealedRow = {
  readonly column: SealedColumn
  readonly sealed: string
  readonly key: {
    readonly environment: string
    readonly integrationKey: string
    readonly connectionId: string
    readonly issuer: string
    readonly redirectUri: string
    readonly stateHash: string
  }
}

const sources: Readonly<Record<SealedColumn, { table: string; sealed: string; foreign: string }>> =
  {
    connections: {
      table: 'connections',
      sealed: 'encrypted_credential',
      foreign: 'not starts_with(encrypted_credential, $1)',
    },
    integrations: {
      table: 'integrations',
      sealed: 'body',
      foreign: `not starts_with(coalesce(body -> 'oauthClient' ->> 'clientSecret', $1), $1)
       or not starts_with(coalesce(body -> 'app' ->> 'privateKey', $1), $1)`,
    },
    'oauth-clients': {
      table: 'oauth_clients',
      sealed: 'encrypted_client',
      foreign: 'not starts_with(encrypted_client, $1)',
    },
    authorizations: {
      table: 'authorizations',
      sealed: 'encrypted_body',
      foreign: 'not starts_with(encrypted_body, $1)',
    },
  }

const members = ['connection_id', 'issuer', 'redirect_uri', 'state_hash'] as const
const membersOf: Readonly<Record<SealedColumn, readonly (typeof members)[number][]>> = {
  connections: ['connection_id'],
  integrations: [],
  'oauth-clients': ['issuer', 'redirect_uri'],
  authorizations: ['state_hash'],
}

type Row = { sealed: string; environment: string; integration_key: string } & Partial<
  Record<(typeof members)[number], string>
>

/** Secrets whose envelope does not begin with `prefix`, locked for the transaction; those that others hold are left out. */
export async function listSealed(
  db: Queryable,
  o: { readonly column: SealedColumn; readonly prefix: string; readonly limit: number },
): Promise<readonly SealedRow[]> {
  const { table, sealed, foreign } = sources[o.column]
  const names = ['environment', 'integration_key', ...membersOf[o.column]]
  const rows = await db.query<Row>(
    `select ${sealed}::text as sealed, ${names.join(', ')} from plumb.${table}
     where ${foreign} order by ${names.join(', ')} limit $2 for update`,
    [o.prefix, o.limit],
  )
  return rows.map((row) => ({
    column: o.column,
    sealed: row.sealed,
    key: {
      ...{ environment: row.environment, integrationKey: row.integration_key },
      ...{ connectionId: row.connection_id ?? '', issuer: row.issuer ?? '' },
      ...{ redirectUri: row.redirect_uri ?? '', stateHash: row.state_hash ?? '' },
    },
  }))
}

/** Puts the same secret in another envelope; what it is, and its version, stay. */
export async function replaceSealed(db: Queryable, row: SealedRow, sealed: string): Promise<void> {
  const { table, sealed: column } = sources[row.column]
  const { environment, integrationKey, connectionId, issuer, redirectUri, stateHash } = row.key
  const values = {
    connection_id: connectionId,
    issuer,
    redirect_uri: redirectUri,
    state_hash: stateHash,
  }
  const names = membersOf[row.column]
  const conditions = names.map((name, at) => ` and ${name} = $${at + 4}`).join('')
  await db.query(
    `update plumb.${table} set ${column} = $3 where environment = $1 and integration_key = $2${conditions}`,
    [environment, integrationKey, sealed, ...names.map((name) => values[name])],
  )
}
