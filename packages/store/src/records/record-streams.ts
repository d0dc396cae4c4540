import { PlumbError } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** Whose records are meant. */
export type RecordOwner = {
  readonly environment: string
  readonly integrationKey: string
  readonly connectionId: string
}

export type RecordStreamName = RecordOwner & { readonly model: string; readonly variant: string }

/** The records of one model and variant of one connection. */
export type RecordStream = {
  readonly id: number
  /** Of payloads and hashes, as it is stored. */
  readonly encryptedKey: string
  readonly payloads: 'encrypted' | 'plain'
}

/** What is stored of one model of a connection. */
export type RecordModel = {
  readonly model: string
  readonly variant: string
  /** Records that are not deleted. */
  readonly count: number
  /** Null before the first change. */
  readonly changedAt: string | null
}

const columns = `s.id, s.encrypted_key as "encryptedKey",
  coalesce((select payloads from plumb.record_settings g where g.environment = s.environment), 'encrypted') as payloads`
const ofName = `s.environment = $1 and s.integration_key = $2 and s.connection_id = $3
  and s.model = $4 and s.variant = $5 and s.abandoned_at is null`

/** Null when nothing was ever stored. */
export async function findRecordStream(
  db: Queryable,
  name: RecordStreamName,
): Promise<RecordStream | null> {
  const values = valuesOf(name)
  // No text in PostgreSQL has a NUL, and it refuses to look for one.
  if (values.some((value) => value.includes('\0'))) return null
  const [found] = await db.query<RecordStream>(
    `select ${columns} from plumb.record_streams s where ${ofName}`,
    values,
  )
  return found ?? null
}

/** Finds the stream or creates it, with the key of whoever was first. `now` is ISO 8601. */
export async function openRecordStream(
  db: Queryable,
  name: RecordStreamName,
  fresh: { readonly newKey: () => string; readonly now: string },
): Promise<RecordStream> {
  const known = await findRecordStream(db, name)
  if (known !== null) return known
  await db.query(
    `insert into plumb.record_streams
       (environment, integration_key, connection_id, model, variant, encrypted_key, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (environment, integration_key, connection_id, model, variant) where abandoned_at is null
     do nothing`,
    [...valuesOf(name), fresh.newKey(), fresh.now],
  )
  return openRecordStream(db, name, fresh)
}

export type LockedStream = {
  /** The number of the last change of all streams. */
  readonly lastChange: number
  readonly live: number
  readonly windowOpen: boolean
  /** When changes that are made now happen: ISO 8601, never before the last one. */
  readonly now: string
}

/**
 * Lets nobody else change the stream until the transaction ends. Throws PlumbError `connection-unknown` when its
 * connection was deleted, or its records were given up, meanwhile.
 */
export async function lockRecordStream(
  tx: Queryable,
  id: number,
  now: string,
): Promise<LockedStream> {
  const [locked] = await tx.query<Omit<LockedStream, 'lastChange'>>(
    `select live, window_opened_at is not null as "windowOpen", greatest(changed_at, $2) as now
     from plumb.record_streams where id = $1 and abandoned_at is null for no key update`,
    [id, now],
  )
  if (locked === undefined) throw abandoned()
  const lastChange = await lastRecordChange(tx)
  return { ...locked, lastChange }
}

/** Notes what a change did to the stream. */
export async function noteStreamChange(
  tx: Queryable,
  id: number,
  change: { readonly live: number; readonly now: string },
): Promise<void> {
  await tx.query(
    `update plumb.record_streams set live = live + $2, changed_at = greatest(changed_at, $3) where id = $1`,
    [id, change.live, change.now],
  )
}

export async function lastRecordChange(db: Queryable): Promise<number> {
  const [row] = await db.query<{ last: number }>(
    'select last_value - (not is_called)::int as last from plumb.record_changes',
  )
  return row?.last ?? 0
}

/** What a connection has, by model and variant. */
export async function listRecordModels(
  db: Queryable,
  owner: RecordOwner,
): Promise<readonly RecordModel[]> {
  return db.query<RecordModel>(
    `select model, variant, live as count, nullif(changed_at, '-infinity') as "changedAt"
     from plumb.record_streams
     where environment = $1 and integration_key = $2 and connection_id = $3 and abandoned_at is null
     order by model, variant`,
    [owner.environment, owner.integrationKey, owner.connectionId],
  )
}

/** Gives up the records of a connection, or those of one variant and some models; what is stored next starts anew. */
export async function abandonRecords(
  db: Queryable,
  owner: RecordOwner & { readonly variant?: string; readonly models?: readonly string[] },
  now: string,
): Promise<void> {
  await db.query(
    `update plumb.record_streams set abandoned_at = $4, encrypted_key = ''
     where environment = $1 and integration_key = $2 and connection_id = $3 and abandoned_at is null
       and ($5::text is null or variant = $5) and ($6::text[] is null or model = any ($6))`,
    [
      ...[owner.environment, owner.integrationKey, owner.connectionId, now],
      ...[owner.variant ?? null, owner.models ?? null],
    ],
  )
}

/** How payloads of the environment are stored from now on; stored ones follow when they are saved again. */
export async function setRecordPayloads(
  db: Queryable,
  environment: string,
  payloads: RecordStream['payloads'],
): Promise<void> {
  await db.query(
    `insert into plumb.record_settings values ($1, $2)
     on conflict (environment) do update set payloads = excluded.payloads`,
    [environment, payloads],
  )
}

function valuesOf(name: RecordStreamName): readonly string[] {
  return [name.environment, name.integrationKey, name.connectionId, name.model, name.variant]
}

function abandoned(): PlumbError {
  return new PlumbError({
    code: 'connection-unknown',
    message: 'The records were given up while they were being changed.',
    remedy: 'Nothing has to be done if the connection was deleted; otherwise start the sync again.',
  })
}
