import { afterAll, beforeAll, expect, it } from 'vitest'
import { getConnection } from '../connections/connections.js'
import { getLiveDeployment } from '../deployments/deployments.js'
import { saveDeployment } from '../deployments/save-deployment.js'
import { listRecordChanges } from '../records/read-records.js'
import { claimDueSyncs } from '../syncs/claim-syncs.js'
import { ensureSyncs } from '../syncs/ensure-syncs.js'
import { listSyncs } from '../syncs/syncs.js'
import { openTestDatabase } from '../testing/index.js'
import type { TestDatabase } from '../testing/index.js'
import { loadMigrations, migrate } from './migrate.js'

/* A database of an earlier version, with data in it, is upgraded, and everything in it goes on. */

let db: TestDatabase
const at = '2026-01-01T00:00:00.000Z'
const name = { environment: 'dev', integrationKey: 'crm', connectionId: 'c1' }

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db?.close())

/** Everything of the schemas that migrations make, as it was after number `last`. */
async function goBackTo(last: number): Promise<void> {
  await db.query('drop schema plumb cascade')
  await migrate(
    db,
    (await loadMigrations()).filter(({ number }) => number <= last),
  )
}

async function fill(): Promise<void> {
  await db.query(`insert into plumb.integrations (environment, integration_key, body)
    values ('dev', 'crm', '{"integrationKey": "crm", "provider": "crm"}')`)
  await db.query(
    `insert into plumb.connections (environment, integration_key, connection_id, provider, state, connection_config,
       metadata, encrypted_credential, credential_version, created_at, updated_at)
     select 'dev', 'crm', 'c' || n, 'crm', 'ok', '{}', '{"a": 1}', 'plumb1.x.y.z', 3, $1, $1 from generate_series(1, 500) n`,
    [at],
  )
  await db.query(`insert into plumb.syncs (id, environment, integration_key, connection_id, name, state, frequency,
      period_ms, due_at, checkpoint, checkpoint_version, last_sync_at)
    select 's' || n, 'dev', 'crm', 'c' || n, 'contacts', 'started', 'every hour', 3600000, now() - interval '1 minute',
      '{"page": 7}', 4, now() - interval '1 hour' from generate_series(1, 500) n`)
  await db.query(
    `insert into plumb.sync_runs (id, sync_id, environment, integration_key, connection_id, name, variant, mode, state, started_at)
     values ('r1', 's1', 'dev', 'crm', 'c1', 'contacts', 'base', 'incremental', 'running', now())`,
  )
  await db.query(`update plumb.syncs set run_id = 'r1', fence = 2 where id = 's1'`)
  await db.query(
    `insert into plumb.record_streams (environment, integration_key, connection_id, model, variant, encrypted_key, live, created_at)
     values ('dev', 'crm', 'c1', 'Contact', 'base', 'plumb1.x.y.z', 2000, $1)`,
    [at],
  )
  await db.query(
    `insert into plumb.records (stream_id, external_id, hash, change, first_seen_at, last_modified_at, last_action, payload)
     select id, n::text, '', nextval('plumb.record_changes'), $1, $1, 'ADDED', '{"id": "1"}'
     from plumb.record_streams, generate_series(1, 2000) n`,
    [at],
  )
  await db.query(
    `insert into plumb.secret_keys (id, environment, name, hash, scopes, created_at) values ('k', 'dev', 'k', 'h', '["*"]', $1)`,
    [at],
  )
}

it.each([10, 15])('from version %i, and each part goes on with what it had', async (version) => {
  await goBackTo(version)
  await fill()
  const all = await loadMigrations()
  await Promise.all([migrate(db, all), migrate(db, all)])

  expect(await getConnection(db, name)).toMatchObject({
    credentialVersion: 3,
    metadata: { a: 1 },
  })
  const [stream] = await db.query<{ id: number }>('select id from plumb.record_streams')
  const query = {
    after: 0,
    modifiedAfter: null,
    actions: null,
    ids: null,
    limit: 3000,
    bytes: 1e9,
  }
  expect(await listRecordChanges(db, stream?.id ?? 0, query)).toHaveLength(2000)

  const functions = [
    { integrationKey: 'crm', kind: 'sync', name: 'contacts', fileName: 'f', sourceHash: 'a' },
  ] as const
  const definition = { kind: 'sync' } as never
  await saveDeployment(db, {
    ...{ environment: 'dev', id: 'd1', createdBy: 'test', now: at },
    functions: functions.map((one) => ({
      ...{ ...one, bundleHash: 'h' },
      allow: { credentials: false, uncontrolledFetch: false },
    })),
    bundles: [{ hash: 'h', code: '', definition }],
  })
  expect(await getLiveDeployment(db, 'dev')).toMatchObject({ id: 'd1', number: 1 })
  const before = await listSyncs(db, { environment: 'dev' })
  const contacts = { integrationKey: 'crm', name: 'contacts', frequency: 'every hour' }
  const deployed = [{ ...contacts, periodMs: 3_600_000, autoStart: true }]
  expect(await ensureSyncs(db, { environment: 'dev' }, deployed)).toEqual({
    added: 0,
    removed: 0,
  })
  await ensureSyncs(db, { environment: 'dev' }, [])
  expect(await ensureSyncs(db, { environment: 'dev' }, deployed)).toEqual({
    added: 500,
    removed: 0,
  })
  const after = await listSyncs(db, { environment: 'dev' })
  expect(after.map(({ id, checkpoint }) => [id, checkpoint])).toEqual(
    before.map(({ id }) => [id, { page: 7 }]),
  )
  const runIds = Array.from({ length: 600 }, (_, n) => `new${n}`)
  const claimed = await claimDueSyncs(db, { runIds, perEnvironment: 1000 })
  expect(claimed).toMatchObject({ runIds: { length: 500 } })
})
