import { openStoredRecords } from '@plumb/runtime'
import { saveConnection, saveIntegration } from '@plumb/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestPlumb } from '../server/testing/open-test-plumb.js'
import { openTestPlumb } from '../server/testing/open-test-plumb.js'

let server: TestPlumb
let key: string

beforeAll(async () => {
  server = await openTestPlumb()
  key = await server.keyOf()
  const { db } = server.plumb
  const now = new Date().toISOString()
  await saveIntegration(db, 'dev', { integrationKey: 'crm', provider: 'github' })
  await saveConnection(db, {
    ...{ environment: 'dev', integrationKey: 'crm', connectionId: 'c', provider: 'github' },
    ...{ state: 'ok', connectionConfig: {}, metadata: {}, createdAt: now, updatedAt: now },
    ...{ encryptedCredential: 'x', credentialVersion: 1 },
  })
  const order = { environment: 'dev', integrationKey: 'crm', connectionId: 'c', variant: 'base' }
  const records = openStoredRecords(server.plumb, order)
  await records.save('Contact', [
    { id: '1', name: 'Ada' },
    { id: '2', name: 'Bob' },
    { id: '3', name: 'Cyd' },
  ])
  await records.save('Contact', [{ id: '2', name: 'Bert' }])
  await records.delete('Contact', [{ id: '3' }])
})
afterAll(() => server.close())

type Answer = {
  readonly status: number
  readonly body: {
    readonly records: readonly { id: string; _metadata: { cursor: string } }[]
    readonly next_cursor: string | null
    readonly error?: { code: string; message: string }
  }
}

async function ask(target: string, o: { body?: unknown; connection?: string; key?: string } = {}) {
  const [method = 'GET', path = ''] = target.split(' ')
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${o.key ?? key}`,
      'connection-id': o.connection ?? 'c',
      'provider-config-key': 'crm',
      ...(o.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(o.body !== undefined && { body: JSON.stringify(o.body) }),
  })
  return { status: answer.status, body: await answer.json() } as Answer
}

test('records come in the order of their changes, deleted ones with what they were', async () => {
  const { status, body } = await ask('GET /records?model=Contact')
  const metadata = {
    pruned_at: null,
    first_seen_at: expect.any(String),
    cursor: expect.any(String),
  }
  const gone = { ...metadata, last_action: 'DELETED', deleted_at: expect.any(String) }
  expect(status).toBe(200)
  expect(body).toMatchObject({
    records: [
      { id: '1', name: 'Ada', _metadata: { ...metadata, last_action: 'ADDED', deleted_at: null } },
      { id: '2', name: 'Bert', _nango_metadata: { last_action: 'UPDATED' } },
      { id: '3', name: 'Cyd', _metadata: gone, _nango_metadata: gone },
    ],
    next_cursor: null,
  })
})

test.each([
  ['filter=updated,deleted', ['2', '3']],
  ['filter=DELETED', ['3']],
  ['filter=added&filter=updated', ['1', '2']],
  ['ids=1&ids=3', ['1', '3']],
  ['ids=2', ['2']],
  ['modified_after=2020-01-01', ['1', '2', '3']],
  ['modified_after=2999-01-01T00:00:00Z', []],
  ['modified_after=99999', []],
  ['modified_after=-271821-04-20', ['1', '2', '3']],
  ['ids=%00', []],
  ['variant=other', []],
])('?%s finds %s', async (query, ids) => {
  const { body } = await ask(`GET /records/?model=Contact&${query}`)
  expect(body.records.map(({ id }) => id)).toEqual(ids)
})

test('a cursor goes on where a page ended, or where a record stood', async () => {
  const first = await ask('GET /records?model=Contact&limit=2')
  const second = await ask(`GET /records?model=Contact&cursor=${first.body.next_cursor}`)
  expect(second.body.records.map(({ id }) => id)).toEqual(['3'])
  expect(second.body.next_cursor).toBeNull()
  const cursor = first.body.records[0]?._metadata.cursor
  const rest = await ask(`GET /records?model=Contact&cursor=${cursor}`)
  expect(rest.body.records.map(({ id }) => id)).toEqual(['2', '3'])
})

test.each([
  ['?model=Contact&limit=10001', 400, 'input-invalid'],
  ['?model=Contact&limit=0', 400, 'input-invalid'],
  ['?model=Contact&limit=-1', 400, 'input-invalid'],
  ['?model=Contact&limit=1e9', 400, 'input-invalid'],
  ['?model=Contact&limit=NaN', 400, 'input-invalid'],
  ['?model=Contact&filter=gone', 400, 'input-invalid'],
  ['?model=Contact&modified_after=yesterday', 400, 'input-invalid'],
  ['?model=Contact&cursor=nonsense', 400, 'request-invalid'],
  ['', 400, 'input-invalid'],
])('%s is refused', async (query, status, code) => {
  expect(await ask(`GET /records${query}`)).toMatchObject({ status, body: { error: { code } } })
})

test('other connections and environments are unknown, and reading is no right to prune', async () => {
  const unknown = { status: 404, body: { error: { code: 'connection-unknown' } } }
  expect(await ask('GET /records?model=Contact', { connection: 'd' })).toMatchObject(unknown)
  const elsewhere = await server.keyOf('prod')
  expect(await ask('GET /records?model=Contact', { key: elsewhere })).toMatchObject(unknown)
  const reader = await server.keyOf('dev', ['records:read'])
  const body = { model: 'Contact', until_cursor: 'x' }
  expect(await ask('PATCH /records/prune', { key: reader, body })).toMatchObject({ status: 403 })
})

test('models are counted, and pruned up to a cursor', async () => {
  expect(await ask('GET /records/models')).toMatchObject({
    body: { models: [{ model: 'Contact', variant: 'base', count: 2 }] },
  })
  const before = await ask('GET /records?model=Contact')
  const until = before.body.records[0]?._metadata.cursor
  const body = { model: 'Contact', until_cursor: until }
  expect(await ask('PATCH /records/prune', { body })).toMatchObject({
    status: 200,
    body: { count: 1, has_more: false },
  })
  const { records } = (await ask('GET /records?model=Contact')).body
  expect(records[0]).toMatchObject({ id: '1', _metadata: { pruned_at: expect.any(String) } })
  expect(records[0]).not.toHaveProperty('name')
})

test('payloads are stored plain when their owner says so', async () => {
  const body = { payloads: 'plain' }
  expect(await ask('PUT /records/settings', { body })).toMatchObject({ status: 200, body })
  const order = { environment: 'dev', integrationKey: 'crm', connectionId: 'c', variant: 'base' }
  await openStoredRecords(server.plumb, order).save('Plain', [{ id: '1', city: 'Berlin' }])
  const rows = await server.plumb.db.query(
    `select payload ->> 'city' as city from plumb.synced_records where model = 'Plain'`,
  )
  expect(rows).toEqual([{ city: 'Berlin' }])
})
