import { PlumbError } from '@plumb/protocol'
import { deleteOldLogs, getOperation, listMessages, listOperations } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { NewOperation } from './log-writer.js'
import { openLogWriter } from './open-log-writer.js'

let db: TestDatabase
let clock = Date.parse('2026-03-01T00:00:00.000Z')
const now = () => (clock += 1000)
const environment = 'dev'
const action: NewOperation = {
  ...{ environment, kind: 'action', integrationKey: 'github', connectionId: 'c1', name: 'list' },
}
const canary = 'tok-canary-99/+x'

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const messagesOf = (operationId: string) => listMessages(db, { operationId, limit: 10_000 })

it('stores what was told in its order, and how it ended, the first time it ended', async () => {
  const writer = openLogWriter({ db, now })
  const log = writer.start(action)
  log.message({ level: 'info', text: 'one' })
  log.message({ level: 'debug', text: 'tw\u0000o', details: { a: [1, null, 'x\u0000y'] } })
  await writer.flush()
  expect(await getOperation(db, { environment, id: log.id })).toMatchObject({
    ...{ state: 'running', finishedAt: null, name: 'list' },
  })
  const error = { code: 'internal', message: 'it broke', remedy: 'mend it' }
  log.finish({ state: 'failed', error })
  log.finish({ state: 'success' })
  await writer.close()
  expect(await getOperation(db, { environment, id: log.id })).toMatchObject({
    ...{ state: 'failed', error, finishedAt: expect.any(String) as string },
  })
  expect(await getOperation(db, { environment: 'prod', id: log.id })).toBeNull()
  expect((await messagesOf(log.id)).map(({ level, text }) => `${level} ${text}`)).toEqual([
    ...['info one', 'debug tw\ufffdo'],
  ])
  expect((await messagesOf(log.id))[1]?.details).toEqual({ a: [1, null, 'x\u0000y'] })
})

it('lets no secret into the tables, told before or after it is known, in any form', async () => {
  const writer = openLogWriter({ db, now })
  const log = writer.start(action)
  log.message({ level: 'info', text: `early ${canary}` })
  log.conceal([canary, '471147114711'])
  const form = encodeURIComponent(canary)
  log.message({
    level: 'error',
    text: `url ?key=${form} base64 ${Buffer.from(`user:${canary}`).toString('base64')}`,
    details: { [canary]: 1, list: [canary, 471147114711], body: JSON.stringify({ t: canary }) },
  })
  log.message({
    level: 'info',
    text: 'Authorization: Bearer abcdefghijklmnop1234',
    details: {
      body: '{"access_token":"fresh-one-1", "next_page_token": "p2"}',
      password: 'hunter2',
    },
  })
  log.finish({
    ...{ state: 'failed', error: { code: 'x', message: `told ${canary}`, remedy: canary } },
  })
  await writer.close()
  const rows = await db.query<{ row: string }>(
    `select o::text || (select string_agg(m::text, '') from plumb.messages m where operation_id = o.id) as row
     from plumb.operations o where id = $1`,
    [log.id],
  )
  const [stored] = rows.map(({ row }) => row)
  expect(stored).toContain('[secret]')
  expect(stored).toContain('next_page_token')
  const words = [
    'tok-canary-99',
    'canary',
    '471147114711',
    'fresh-one',
    'hunter2',
    'abcdefghijklmnop1234',
  ]
  const forms = [form, Buffer.from(canary).toString('base64').slice(0, 16)]
  for (const secret of [...words, ...forms]) expect(stored).not.toContain(secret)
})

it('drops the oldest debug messages first when the database is away, and says how many', async () => {
  let away = true
  const gone = new PlumbError({ code: 'database-unavailable', message: 'm', remedy: 'r' })
  const writer = openLogWriter({
    db: { query: async (sql, params) => (away ? Promise.reject(gone) : db.query(sql, params)) },
    limits: { messages: 10 },
    now,
  })
  const log = writer.start(action)
  for (let n = 0; n < 8; n++) log.message({ level: 'debug', text: `debug ${n}` })
  for (let n = 0; n < 8; n++) log.message({ level: 'info', text: `info ${n}` })
  await writer.flush()
  away = false
  await writer.close()
  const texts = (await messagesOf(log.id)).map(({ text }) => text)
  const kept = texts.filter((text) => /^(info|debug) \d$/.test(text))
  expect(kept).toEqual(expect.arrayContaining(['info 0', 'info 7']))
  expect(kept.length).toBeLessThanOrEqual(10)
  const dropped = 16 - kept.length
  expect(texts.at(-1)).toMatch(new RegExp(`^${dropped} messages of this operation were dropped`))
})

it('goes on after rows that the database refuses', async () => {
  let refuse = true
  const writer = openLogWriter({
    db: {
      query: async (sql, params) => {
        if (refuse && sql.includes('plumb.messages')) throw new Error('invalid input syntax')
        return db.query(sql, params)
      },
    },
    now,
  })
  const log = writer.start(action)
  log.message({ level: 'info', text: 'refused' })
  await writer.flush()
  refuse = false
  log.message({ level: 'info', text: 'taken' })
  await writer.close()
  expect((await messagesOf(log.id)).map(({ text }) => text)).toEqual([
    ...['taken', '1 messages of this operation were dropped: the log could not keep up.'],
  ])
})

it('cuts what is too long, and takes nothing after it was closed', async () => {
  const writer = openLogWriter({ db, now })
  const log = writer.start(action)
  log.message({ level: 'info', text: 'x'.repeat(50_000), details: { body: 'y'.repeat(100_000) } })
  await writer.close()
  log.message({ level: 'info', text: 'late' })
  await writer.flush()
  const [message, ...more] = await messagesOf(log.id)
  expect(more).toEqual([])
  expect(message?.text).toHaveLength(20_000)
  expect(JSON.stringify(message?.details).length).toBeLessThan(70_000)
})

it('finds operations by what they are and by words of their messages, page by page', async () => {
  await db.query('delete from plumb.operations')
  const writer = openLogWriter({ db, now })
  const started = Array.from({ length: 5 }, (_, n) => {
    const log = writer.start({ ...action, connectionId: n < 3 ? 'c1' : 'c2', name: `n${n}` })
    log.message({ level: 'info', text: `GET https://api.example/contacts/${n}5xx?q=Zürich` })
    if (n !== 4) log.finish({ state: n === 0 ? 'failed' : 'success' })
    return log.id
  })
  writer.start({ ...action, environment: 'prod' })
  await writer.close()
  const ids = async (filter: object) =>
    (await listOperations(db, { environment, limit: 10, ...filter })).map(({ id }) =>
      started.indexOf(id),
    )
  expect(await ids({})).toEqual([4, 3, 2, 1, 0])
  expect(await ids({ connectionId: 'c2' })).toEqual([4, 3])
  expect(await ids({ state: 'failed' })).toEqual([0])
  expect(await ids({ state: 'running' })).toEqual([4])
  expect(await ids({ text: 'CONTACTS 35x' })).toEqual([3])
  expect(await ids({ text: "zürich ' & | contact" })).toEqual([4, 3, 2, 1, 0])
  expect(await ids({ text: 'absent' })).toEqual([])
  expect(await ids({ name: 'n2', kind: 'action', integrationKey: 'github' })).toEqual([2])
  const page = await listOperations(db, { environment, limit: 2 })
  expect(await ids({ limit: 2, after: page[1] })).toEqual([2, 1])
  const from = page[1]?.startedAt
  expect(await ids({ from })).toEqual([4, 3])
  expect(await ids({ to: from })).toEqual([2, 1, 0])
})

it('deletes what is old, with its messages', async () => {
  const writer = openLogWriter({ db, now: () => Date.parse('2025-01-01T00:00:00.000Z') })
  const old = writer.start(action)
  old.message({ level: 'info', text: 'old' })
  await writer.close()
  expect(await deleteOldLogs(db, { before: '2025-06-01T00:00:00.000Z' })).toBe(1)
  expect(await messagesOf(old.id)).toEqual([])
  expect(await listOperations(db, { environment, limit: 10 })).not.toEqual([])
})
