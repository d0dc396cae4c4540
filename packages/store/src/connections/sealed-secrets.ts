import type { Queryable } from '../database/database.js'

type Source = {
  readonly table: string
  readonly sealed: string
  /** The columns that name a row. */
  readonly key: readonly string[]
  /** Finds what does not begin with `$1`. */
  readonly foreign: string
}

const owner = ['environment', 'integration_key']

/** Where encrypted secrets are stored. Whoever adds a column of them adds it here. */
const sources = {
  connections: plain('connections', 'encrypted_credential', [...owner, 'connection_id']),
  integrations: {
    table: 'integrations',
    sealed: 'body',
    key: owner,
    foreign: `(not starts_with(coalesce(body -> 'oauthClient' ->> 'clientSecret', $1), $1)
       or not starts_with(coalesce(body -> 'app' ->> 'privateKey', $1), $1))`,
  },
  'oauth-clients': plain('oauth_clients', 'encrypted_client', [...owner, 'issuer', 'redirect_uri']),
  authorizations: plain('authorizations', 'encrypted_body', ['state_hash']),
  variables: plain('function_variables', 'encrypted_value', ['environment', 'name']),
  'record-streams': plain('record_streams', 'encrypted_key', [
    ...[...owner, 'connection_id', 'model', 'variant'],
  ]),
} as const satisfies Readonly<Record<string, Source>>

export type SealedColumn = keyof typeof sources

export const sealedColumns = Object.keys(sources) as readonly SealedColumn[]

/** One stored secret, or the document of an integration that holds some, with the columns that name it. */
export type SealedRow = {
  readonly column: SealedColumn
  readonly sealed: string
  readonly key: Readonly<Record<string, string>>
}

/** Secrets whose envelope does not begin with `prefix`, in their order, locked for the transaction. */
export async function listSealed(
  db: Queryable,
  o: {
    readonly column: SealedColumn
    readonly prefix: string
    readonly limit: number
    /** The last one that was seen; those after it. */
    readonly after?: SealedRow | undefined
  },
): Promise<readonly SealedRow[]> {
  const { table, sealed, key, foreign } = sources[o.column]
  const names = key.join(', ')
  const seen = key.map((name) => o.after?.key[name] ?? null)
  const places = key.map((_, at) => `$${at + 4}`).join(', ')
  const rows = await db.query<{ sealed: string } & Record<string, string>>(
    `select ${sealed}::text as sealed, ${names} from plumb.${table}
     where ${foreign} and (not $3 or (${names}) > (${places})) order by ${names} limit $2 for no key update`,
    [o.prefix, o.limit, o.after !== undefined, ...seen],
  )
  return rows.map(({ sealed: text, ...named }) => ({
    ...{ column: o.column, sealed: text, key: named },
  }))
}

/** Puts the same secret in another envelope; what it is, and its version, stay. */
export async function replaceSealed(db: Queryable, row: SealedRow, sealed: string): Promise<void> {
  const { table, sealed: column, key } = sources[row.column]
  const conditions = key.map((name, at) => `${name} = $${at + 2}`).join(' and ')
  await db.query(`update plumb.${table} set ${column} = $1 where ${conditions}`, [
    ...[sealed, ...key.map((name) => row.key[name])],
  ])
}

/** The number of a transaction that begins now. */
export async function beginTransactionNumber(db: Queryable): Promise<string> {
  const [row] = await db.query<{ number: string }>('select pg_current_xact_id()::text as number')
  return row?.number ?? '0'
}

/** Whether a transaction that began to write before that one may still be stored. */
export async function isOlderOpen(db: Queryable, number: string): Promise<boolean> {
  const [row] = await db.query<{ open: boolean }>(
    'select pg_snapshot_xmin(pg_current_snapshot()) < $1::xid8 as open',
    [number],
  )
  return row?.open === true
}

function plain(table: string, sealed: string, key: readonly string[]): Source {
  return { table, sealed, key, foreign: `${sealed} <> '' and not starts_with(${sealed}, $1)` }
}
