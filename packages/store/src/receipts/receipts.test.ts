import { generateKeyPairSync, sign } from 'node:crypto'
import type { Receipt, ReceiptDraft } from '@plumb/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing/index.js'
import { receiptHash } from './receipt-hash.js'
import { appendReceipt, listReceipts, type ReceiptSigner } from './receipts.js'
import { verifyReceipts } from './verify-receipts.js'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const signer: ReceiptSigner = {
  keyId: 'k1',
  sign: (hash) => sign(null, Buffer.from(hash), privateKey).toString('base64'),
}
const keys = new Map([['k1', publicKey]])

function draft(id: string, chain: string): ReceiptDraft {
  const text = '{"name":"\\u0000 \u0000 \ud83d\ude00 \udead"}'
  return {
    id,
    chain,
    attemptId: chain,
    executionId: null,
    purpose: 'explore',
    integrationKey: 'github',
    connectionId: 'test',
    request: {
      method: 'GET',
      url: 'https://api.test/x?b=1&a=2',
      headers: { b: '1', a: '2' },
      body: null,
    },
    response: {
      status: 200,
      headers: { '10': 'x', '9': 'y', __proto__x: 'z' },
      body: { encoding: 'utf8', text, bytes: text.length, sha256: 'abc' },
    },
    failure: null,
    write: false,
    startedAt: '2026-01-01T00:00:00Z',
    durationMs: 1.25,
  }
}

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

async function chainOf(chain: string, length: number): Promise<Receipt[]> {
  const ids = Array.from({ length }, (_, index) => `${chain}-${index}`)
  await Promise.all(ids.map((id) => appendReceipt(db, draft(id, chain), signer)))
  return [...(await listReceipts(db, { chain }))]
}

const kinds = (receipts: readonly Receipt[]) =>
  verifyReceipts(receipts, keys).map((problem) => problem.kind)

test('receipts appended at once form one chain without gaps, and come back as they were returned', async () => {
  const appended = await Promise.all(
    Array.from({ length: 25 }, (_, index) => appendReceipt(db, draft(`c-${index}`, 'c'), signer)),
  )
  const stored = await listReceipts(db, { chain: 'c' })
  expect(stored).toEqual([...appended].sort((a, b) => a.sequence - b.sequence))
  expect(stored.map((receipt) => receipt.sequence)).toEqual(appended.map((_, index) => index + 1))
  expect(stored[0]?.previousHash).toBeNull()
  expect(verifyReceipts(stored, keys)).toEqual([])
})

test('filters narrow each other', async () => {
  await chainOf('f1', 2)
  await chainOf('f2', 1)
  expect(await listReceipts(db, { attemptId: 'f1' })).toHaveLength(2)
  expect(await listReceipts(db, { attemptId: 'f1', ids: ['f1-1', 'f2-0'] })).toHaveLength(1)
  expect(await listReceipts(db, { ids: ['f1-0', 'f2-0'] })).toHaveLength(2)
  expect(await listReceipts(db, { ids: [] })).toEqual([])
})

test('a failed append takes no number', async () => {
  await chainOf('n', 1)
  await expect(appendReceipt(db, draft('n-0', 'n'), signer)).rejects.toThrow(/duplicate key/)
  expect((await appendReceipt(db, draft('n-again', 'n'), signer)).sequence).toBe(2)
})

test('every kind of tampering is found', async () => {
  const chain = await chainOf('t', 4)
  const [one, two, three, four] = chain as [Receipt, Receipt, Receipt, Receipt]
  expect(kinds(chain)).toEqual([])
  expect(kinds([one, { ...two, durationMs: 9 }, three, four])).toEqual(['broken-hash'])
  expect(kinds([one, { ...two, signature: one.signature }, three, four])).toEqual([
    'broken-signature',
  ])
  expect(kinds([one, two, four])).toEqual(['gap'])
  expect(kinds([two, three, four])).toEqual(['gap'])
  expect(kinds([one, three, two, four])).toEqual(['reordered'])
  expect(kinds([one, two, two, three, four])).toEqual(['duplicate'])
  expect(verifyReceipts([one], new Map())[0]?.message).toContain('"k1"')
})

test('a receipt that is rewritten with its hash breaks the signature and the link of the next one', async () => {
  const [one, two, three] = (await chainOf('w', 3)) as [Receipt, Receipt, Receipt]
  const rewritten = { ...two, write: true }
  const forged = { ...rewritten, hash: receiptHash(rewritten) }
  expect(kinds([one, forged, three])).toEqual(['broken-signature', 'wrong-previous-hash'])
  const stranger = generateKeyPairSync('ed25519').publicKey
  expect(verifyReceipts([one], new Map([['k1', stranger]]))[0]?.kind).toBe('broken-signature')
})

test.each(['receipts', 'trace_events', 'executions', 'submissions'])(
  'the database itself refuses to change %s',
  async (table) => {
    const message = new RegExp(`plumb\\.${table} is refused.*never changed`)
    await expect(db.query(`update plumb.${table} set body = '{}'`)).rejects.toThrow(message)
    await expect(db.query(`delete from plumb.${table}`)).rejects.toThrow(message)
    await expect(db.query(`truncate plumb.${table} cascade`)).rejects.toThrow(message)
  },
)
