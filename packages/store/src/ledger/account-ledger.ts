import type { Connection } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** The build side keeps its test accounts in one environment, so two words name one. */
type AccountName = Pick<Connection, 'integrationKey' | 'connectionId'>

/** Something that an attempt created in an account. */
export type LedgerResource = {
  readonly connection: AccountName
  readonly attemptId: string | null
  /** The receipt of the call that created it. */
  readonly receiptId: string
  readonly url: string
  readonly resourceId: string | null
  readonly createdAt: string
  readonly deletedAt: string | null
}

/** Notes a resource that was created in an account. */
export async function recordResource(
  db: Queryable,
  resource: Omit<LedgerResource, 'deletedAt'>,
): Promise<void> {
  await db.query(
    `insert into plumb.account_ledger
       (integration_key, connection_id, attempt_id, receipt_id, url, resource_id, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      resource.connection.integrationKey,
      resource.connection.connectionId,
      resource.attemptId,
      resource.receiptId,
      resource.url,
      resource.resourceId,
      resource.createdAt,
    ],
  )
}

type LedgerRow = Omit<LedgerResource, 'connection'> & AccountName

/** The resources of an attempt, or of a connection, in the order of their creation. */
export async function listResources(
  db: Queryable,
  filter: { readonly attemptId: string } | { readonly connection: AccountName },
): Promise<readonly LedgerResource[]> {
  const [where, params] =
    'attemptId' in filter
      ? ['attempt_id = $1', [filter.attemptId]]
      : [
          'integration_key = $1 and connection_id = $2',
          [filter.connection.integrationKey, filter.connection.connectionId],
        ]
  const rows = await db.query<LedgerRow>(
    `select integration_key as "integrationKey", connection_id as "connectionId",
       attempt_id as "attemptId", receipt_id as "receiptId", url, resource_id as "resourceId",
       created_at as "createdAt", deleted_at as "deletedAt"
     from plumb.account_ledger where ${where} order by id`,
    params,
  )
  return rows.map(({ integrationKey, connectionId, ...resource }) => ({
    connection: { integrationKey, connectionId },
    ...resource,
  }))
}

/** Notes that the resource at `url` is gone from the account; returns how many entries that closed. */
export async function markResourceDeleted(
  db: Queryable,
  gone: Pick<LedgerResource, 'connection' | 'url'> & { readonly deletedAt: string },
): Promise<number> {
  const rows = await db.query(
    `update plumb.account_ledger set deleted_at = $4
     where integration_key = $1 and connection_id = $2 and url = $3 and deleted_at is null
     returning id`,
    [gone.connection.integrationKey, gone.connection.connectionId, gone.url, gone.deletedAt],
  )
  return rows.length
}
