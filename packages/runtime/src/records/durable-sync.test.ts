import { afterAll, beforeAll, expect, it } from 'vitest'
import { memoryCheckpoints } from '../execution/checkpoints.js'
import { executeFunction } from '../execution/execute-function.js'
import { memoryGateway, sync } from '../execution/testing/memory-gateway.js'
import { openTestRunner } from '../runner/testing/test-runner.js'
import type { TestRunner } from '../runner/testing/test-runner.js'
import { openRecordTests, some } from './testing/record-tests.js'
import type { RecordTests } from './testing/record-tests.js'

let tests: RecordTests
let runner: TestRunner
beforeAll(async () => {
  tests = await openRecordTests()
  runner = await openTestRunner()
})
afterAll(async () => {
  await runner?.close()
  await tests?.close()
})

async function run(
  body: string,
  order: { connectionId: string; checkpoints?: ReturnType<typeof memoryCheckpoints> },
) {
  const code = sync(body)
  const records = tests.open(order.connectionId)
  const { outcome, records: told } = await executeFunction({
    pool: runner.pool,
    gateway: memoryGateway(() => ({})),
    compiled: {
      ...{ name: 'sample', fileName: 'sample.ts', code, sourceHash: 'hash' },
      definition: await runner.pool.describe({ code }),
    },
    purpose: 'execution',
    deadlineMs: 20_000,
    ids: { executionId: 'e1' },
    records,
    ...(order.checkpoints && { checkpoints: order.checkpoints }),
  })
  return { outcome, told, counts: records.counts() }
}

it('a delete window goes on in the run that continues, though it is opened again', async () => {
  await tests.open('window').save('Item', some(6))
  const checkpoints = memoryCheckpoints()
  const page = (first: number, ending: string) => `await ctx.trackDeletesStart('Item')
    await ctx.batchSave([${first}, ${first + 1}].map((n) => ({ id: String(n), name: 'x' })), 'Item')
    ${ending}`
  const order = { connectionId: 'window', checkpoints }
  const first = await run(
    page(0, "await ctx.saveCheckpoint({ at: '1' }); throw new Error('killed')"),
    order,
  )
  expect(first.outcome).toMatchObject({ error: { message: 'killed' } })
  const second = await run(
    page(
      2,
      "const gone = await ctx.trackDeletesEnd('Item'); await ctx.saveCheckpoint({ at: gone.deletedKeys.sort().join() })",
    ),
    order,
  )
  expect(second.outcome).toMatchObject({ kind: 'returned' })
  expect((await checkpoints.read()).checkpoint).toEqual({ at: '4,5' })
  expect(second.counts).toEqual({ Item: { added: 0, updated: 2, deleted: 2 } })
  // A million of them would not fit into what an execution tells.
  expect(second.told).toEqual({ Item: { saved: [], updated: [], deleted: [] } })
})

it('a rule about what others changed holds, also between batches that are sent at once', async () => {
  const ids = Array.from({ length: 4 }, (_, n) => String(n))
  const save = (name: string) =>
    `ctx.batchSave(${JSON.stringify(ids.map((id) => ({ id, name })))}, 'Item')`
  const { outcome, counts } = await run(
    `await ctx.setMergingStrategy({ strategy: 'ignore_if_modified_after' }, 'Item')
     await Promise.all([${save('a')}, ${save('b')}, ${save('c')}])
     for await (const item of ctx.listRecords('Item')) if (item.name !== 'c') throw new Error(item.name)
     await ctx.batchDelete([{ id: '0' }], 'Item')`,
    { connectionId: 'rule' },
  )
  expect(outcome).toMatchObject({ kind: 'returned' })
  expect(counts).toEqual({ Item: { added: 4, updated: 8, deleted: 1 } })
})

it('what a run did not save is deleted, unless it continued', async () => {
  await tests.open('unsaved').save('Item', some(3))
  const body = `await ctx.batchSave([{ id: '1', name: 'x' }], 'Item')
    await ctx.deleteRecordsFromPreviousExecutions('Item')`
  const continued = { connectionId: 'unsaved', checkpoints: memoryCheckpoints({ at: '1' }) }
  expect((await run(body, continued)).outcome).toMatchObject({
    error: { payload: { code: 'request-invalid' } },
  })
  const { counts } = await run(body, { connectionId: 'unsaved' })
  expect(counts).toEqual({ Item: { added: 0, updated: 0, deleted: 2 } })
})
