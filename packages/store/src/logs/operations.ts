import type { Queryable } from '../database/database.js'
import { wordQuery } from './searchable-words.js'

/** One thing that was done. */
export type StoredOperation = {
  readonly id: string
  readonly environment: string
  readonly kind: string
  readonly integrationKey: string | null
  readonly connectionId: string | null
  readonly name: string | null
  /** `running`, or how it ended. */
  readonly state: string
  readonly error: {
    readonly code: string
    readonly message: string
    readonly remedy: string
  } | null
  readonly startedAt: string
  readonly finishedAt: string | null
}

const columns = `o.id, o.environment, o.kind, o.integration_key as "integrationKey",
  o.connection_id as "connectionId", o.name, o.state, o.error,
  o.started_at as "startedAt", o.finished_at as "finishedAt"`

/** Stores operations, or the ends of those that are stored; one statement for all of them. */
export async function saveOperations(
  db: Queryable,
  operations: readonly StoredOperation[],
): Promise<void> {
  const column = (read: (operation: StoredOperation) => string | null) => operations.map(read)
  await db.query(
    `insert into plumb.operations (id, environment, kind, integration_key, connection_id, name, state,
       error, started_at, finished_at)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
       $7::text[], $8::json[], $9::timestamptz[], $10::timestamptz[])
     on conflict (id) do update
       set state = excluded.state, error = excluded.error, finished_at = excluded.finished_at`,
    [
      column((o) => o.id),
      column((o) => o.environment),
      column((o) => o.kind),
      column((o) => o.integrationKey),
      column((o) => o.connectionId),
      column((o) => o.name),
      column((o) => o.state),
      column((o) => (o.error === null ? null : JSON.stringify(o.error))),
      column((o) => o.startedAt),
      column((o) => o.finishedAt),
    ],
  )
}

export type OperationFilter = {
  readonly environment: string
  readonly kind?: string | undefined
  readonly integrationKey?: string | undefined
  readonly connectionId?: string | undefined
  readonly name?: string | undefined
  readonly state?: string | undefined
  /** ISO 8601; operations that started at or after it. */
  readonly from?: string | undefined
  /** ISO 8601; operations that started before it. */
  readonly to?: string | undefined
  /** Words; an operation is found when one of its messages has all of them. */
  readonly text?: string | undefined
  /** Where the page before ended. */
  readonly after?: Pick<StoredOperation, 'startedAt' | 'id'> | undefined
  readonly limit: number
}

/** Operations of an environment, newest first. */
export async function listOperations(
  db: Queryable,
  filter: OperationFilter,
): Promise<readonly StoredOperation[]> {
  const { environment, kind, integrationKey, connectionId, name, state, from, to } = filter
  return db.query<StoredOperation>(
    `select ${columns} from plumb.operations o
     where o.environment = $1
       and ($2::text is null or o.kind = $2)
       and ($3::text is null or o.integration_key = $3)
       and ($4::text is null or o.connection_id = $4)
       and ($5::text is null or o.name = $5)
       and ($6::text is null or o.state = $6)
       and ($7::timestamptz is null or o.started_at >= $7)
       and ($8::timestamptz is null or o.started_at < $8)
       and ($9::text is null or o.id in (
         select m.operation_id from plumb.messages m
         where m.environment = $1 and m.search @@ $9::tsquery))
       and ($10::timestamptz is null or (o.started_at, o.id) < ($10, $11))
     order by o.started_at desc, o.id desc
     limit $12`,
    [
      ...[environment, kind, integrationKey, connectionId, name, state, from, to],
      filter.text === undefined ? null : wordQuery(filter.text),
      ...[filter.after?.startedAt, filter.after?.id, filter.limit],
    ].map((value) => value ?? null),
  )
}

/** Null when the environment has none of that id. */
export async function getOperation(
  db: Queryable,
  { environment, id }: Pick<StoredOperation, 'environment' | 'id'>,
): Promise<StoredOperation | null> {
  const [row] = await db.query<StoredOperation>(
    `select ${columns} from plumb.operations o where o.environment = $1 and o.id = $2`,
    [environment, id],
  )
  return row ?? null
}
