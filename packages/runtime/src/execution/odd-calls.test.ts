import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRecordTests } from '../records/testing/record-tests.js'
import type { RecordTests } from '../records/testing/record-tests.js'
import { openTestRunner } from '../runner/testing/test-runner.js'
import type { TestRunner } from '../runner/testing/test-runner.js'
import { executeFunction } from './execute-function.js'
import { RecordSet } from './record-set.js'
import { memoryGateway } from './testing/memory-gateway.js'

let runner: TestRunner
let tests: RecordTests
beforeAll(async () => {
  ;[runner, tests] = await Promise.all([openTestRunner(), openRecordTests()])
})
afterAll(async () => {
  await runner?.close()
  await tests?.close()
})

/** A sync whose model takes anything; what it returns or throws comes as the line it logs last. */
const loose = (body: string) => `
  const { createSync } = require('nango'); const z = require('zod')
  module.exports.default = createSync({ description: 'd', frequency: 'every hour',
    models: { Item: z.looseObject({ id: z.string() }) },
    exec: async (ctx) => {
      const said = await (async () => { ${body} })().catch((error) => error.code + ': ' + error.message)
      await ctx.log(JSON.stringify(said ?? null)) } })`

let connections = 0

describe.each([
  ['in memory', () => new RecordSet()],
  ['in the database', () => tests.open(`odd ${(connections += 1)}`)],
])('a function with records %s', (_, open) => {
  async function run(body: string) {
    const code = loose(body)
    const definition = await runner.pool.describe({ code })
    const { outcome, logs } = await executeFunction({
      ...{ pool: runner.pool, gateway: memoryGateway(() => ({})), purpose: 'execution' },
      compiled: { name: 'a', fileName: 'a.ts', code, sourceHash: 'h', definition },
      ...{ records: open(), deadlineMs: 30_000, ids: { executionId: 'e' } },
    })
    expect(outcome).toEqual({ kind: 'returned', output: null })
    return JSON.parse(logs.at(-1)?.message ?? '') as unknown
  }

  it('gets back what it saved, whatever the id', async () => {
    const ids = [
      'nul\0',
      '\u0001',
      '\u00010',
      '\ud800',
      '\udc00x',
      '😀',
      '__proto__',
      '"\\',
      "';--",
      'é',
    ]
    const said = await run(`const ids = ${JSON.stringify(ids)}
      await ctx.batchSave(ids.map((id) => ({ id, same: id })), 'Item')
      await ctx.batchUpdate(ids.map((id) => ({ id, n: 1 })), 'Item')
      const found = await ctx.getRecordsByIds(ids, 'Item')
      const listed = []; for await (const record of ctx.listRecords('Item')) listed.push(record.id)
      const missing = ids.filter((id) => found.get(id)?.same !== id || found.get(id)?.n !== 1 || !listed.includes(id))
      await ctx.trackDeletesStart('Item'); await ctx.batchSave([{ id: ids[0] }], 'Item')
      const { deletedKeys } = await ctx.trackDeletesEnd('Item')
      return [missing, listed.length, deletedKeys.length, (await ctx.getRecordsByIds(ids, 'Item')).size]`)
    expect(said).toEqual([[], ids.length, ids.length - 1, 1])
  })

  it('gets back what it saved, whatever the value, as JSON has it', async () => {
    const said =
      await run(`const deep = {}; let at = deep; for (let n = 0; n < 150; n += 1) at = at.d = {}
      const proto = JSON.parse('{"id":"p","__proto__":{"a":1},"constructor":1,"toString":null}')
      const odd = { id: 'o', zero: -0, huge: Infinity, nan: NaN, none: undefined, text: 'a\0\ud800', at: new Date(0) }
      await ctx.batchSave([proto, odd, { id: 'd', deep }], 'Item')
      const found = await ctx.getRecordsByIds(['p', 'o', 'd'], 'Item')
      return [JSON.stringify(found.get('p')), found.get('o'), JSON.stringify(found.get('d').deep) === JSON.stringify(deep), {}.a ?? null]`)
    const odd = {
      id: 'o',
      zero: 0,
      huge: null,
      nan: null,
      text: 'a\0\ud800',
      at: new Date(0).toISOString(),
    }
    expect(said).toEqual([expect.stringContaining('"__proto__":{"a":1}'), odd, true, null])
  })

  it('saves 15 MB at once and gets them back; more is refused with its size', async () => {
    const said = await run(`const text = 'é'.repeat(15 * 1024 * 512)
      await ctx.batchSave([{ id: 'l', text }], 'Item')
      const lengths = []; for await (const record of ctx.listRecords('Item')) lengths.push(record.text === text)
      const more = await ctx.batchSave([{ id: 'm', text: text + text }], 'Item').catch((error) => error.message)
      return [lengths, more, (await ctx.getRecordsByIds(['m'], 'Item')).size]`)
    expect(said).toEqual([[true], expect.stringMatching(/^A frame of \d{8} bytes is over/), 0])
  })

  it.each([
    ["ctx.batchSave([{ id: 'x'.repeat(10_000) }], 'Item')", /^request-invalid: .* has 10000 bytes/],
    ["ctx.batchSave([{ id: '' }], 'Item')", /^request-invalid: .* has 0 bytes/],
    [
      "ctx.batchSave([{ id: '1', toJSON: () => ({ id: 5 }) }], 'Item')",
      /wrong "records.0": a record is/,
    ],
    ["ctx.batchSave([{ id: '1', toJSON: () => [] }], 'Item')", /wrong "records.0": a record is/],
    ["ctx.batchSave([{ id: 7 }], 'Item')", /0.id/],
    ["ctx.batchSave([{ id: '1', n: 1n }], 'Item')", /BigInt/],
    ["ctx.batchSave([{ id: '1' }], 'Other')", /^function-invalid: .*"Other"/],
    ["ctx.batchSave([{ id: '1' }], '__proto__')", /^function-invalid: .*"__proto__"/],
    ["ctx.getRecordsByIds(Array(10_001).fill('x'), 'Item')", /^request-invalid: .*wrong "ids"/],
    ["ctx.setMergingStrategy({ strategy: 'mine' }, 'Item')", /^request-invalid: .*"strategy"/],
    ["ctx.trackDeletesEnd('Item', { confirmed: 'yes' })", /^request-invalid: .*"confirmed"/],
    ['ctx.saveCheckpoint({ at: NaN })', /^request-invalid: .*"checkpoint.at"/],
    ['ctx.setMetadata(undefined)', /^request-invalid: .*"metadata"/],
    ["ctx.tryAcquireLock({ key: 'k' })", /^request-invalid: .*"ttlMs"/],
    ["ctx.tryAcquireLock({ key: 'k', ttlMs: Infinity })", /^request-invalid: .*"ttlMs"/],
    ['ctx.getConnection(1, 2)', /^request-invalid: .*"connection.integrationKey"/],
    ["ctx.triggerSync(1, 'c', 's')", /^request-invalid: .*"integrationKey"/],
  ])('is told what is wrong with %s, and goes on', async (call, told) => {
    expect(await run(`return ${call}`)).toMatch(told)
  })
})

it('a cursor that is none is refused, and does not end the walk in silence', () => {
  const records = new RecordSet({ Item: [{ id: '1' }] })
  for (const cursor of ['x', '-1', '1e9', '', 'NaN']) {
    expect(() => records.list('Item', { cursor, limit: 10 })).toThrow(/is not a cursor/)
  }
})
