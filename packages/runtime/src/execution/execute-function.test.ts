import { PlumbError } from '@plumb/protocol'
import type { BlockedCause, CompiledFunction, ProviderRequest } from '@plumb/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestRunner } from '../runner/testing/test-runner.js'
import type { TestRunner } from '../runner/testing/test-runner.js'
import { executeFunction } from './execute-function.js'
import type { ExecutionOrder } from './execute-function.js'
import { RecordSet } from './record-set.js'
import { action, memoryGateway, sync } from './testing/memory-gateway.js'

let runner: TestRunner

beforeAll(async () => {
  runner = await openTestRunner()
})

afterAll(async () => {
  await runner?.close()
})

async function compiled(code: string): Promise<CompiledFunction> {
  const definition = await runner.pool.describe({ code })
  return { name: 'sample', fileName: 'sample.ts', code, sourceHash: 'hash', definition }
}

let executions = 0

async function execute(
  code: string,
  answer: (request: ProviderRequest) => unknown,
  more: Partial<ExecutionOrder> = {},
) {
  executions += 1
  const gateway = memoryGateway(answer)
  const execution = await executeFunction({
    pool: runner.pool,
    gateway,
    compiled: await compiled(code),
    purpose: 'dryrun',
    deadlineMs: 20_000,
    ids: { executionId: `e${executions}` },
    ...more,
  })
  return { execution, gateway }
}

describe('executeFunction', () => {
  it('tells everything an action did', async () => {
    const body = `const { data } = await ctx.post({ endpoint: '/items', data: input, params: { a: [1, 2] } })
      await ctx.log('made', data.id); return data`
    let ticks = 0
    const { execution, gateway } = await execute(action(body), () => ({ id: '7' }), {
      attemptId: 'attempt',
      input: { name: 'x' },
      now: () => 1_000_000 + 5 * (ticks += 1),
    })
    expect(execution).toMatchObject({
      id: expect.stringMatching(/^e\d+$/),
      attemptId: 'attempt',
      purpose: 'dryrun',
      functionName: 'sample',
      functionKind: 'action',
      sourceHash: 'hash',
      integrationKey: 'example',
      connectionId: 'c1',
      input: { name: 'x' },
      metadata: { region: 'eu' },
      outcome: { kind: 'returned', output: { id: '7' } },
      records: {},
      calls: [{ method: 'POST', url: '/items', status: 200 }],
      logs: [{ level: 'info', message: 'made 7' }],
      startedAt: '1970-01-01T00:16:40.005Z',
    })
    expect(execution.durationMs).toBeGreaterThan(0)
    expect(execution.cpuMs).toBeGreaterThan(0)
    expect(gateway.requests).toMatchObject([
      { method: 'POST', query: [['a', '1,2']], body: { text: '{"name":"x"}' } },
    ])
  })

  it('walks pages with the default of the provider, saves, checkpoints and deletes what is gone', async () => {
    const body = `await ctx.trackDeletesStart('Item')
      for await (const items of ctx.paginate({ endpoint: '/items' })) {
        await ctx.batchSave(items, 'Item'); await ctx.saveCheckpoint({ at: items[0].id }) }
      await ctx.batchUpdate([{ id: '1', name: 'new' }], 'Item')
      const { deletedKeys } = await ctx.trackDeletesEnd('Item'); console.log(deletedKeys.join())`
    const records = new RecordSet({
      Item: [
        { id: '1', name: 'old' },
        { id: '9', name: 'gone' },
      ],
    })
    const { execution } = await execute(
      sync(body),
      ({ query }) =>
        query.length === 0
          ? { items: [{ id: '1', name: 'a' }], next: 'p2' }
          : { items: [{ id: '2', name: 'b' }] },
      { records },
    )
    expect(execution.outcome).toEqual({ kind: 'returned', output: null })
    expect(execution.records).toEqual({
      Item: {
        saved: [
          { id: '1', name: 'a' },
          { id: '2', name: 'b' },
        ],
        updated: [{ id: '1', name: 'new' }],
        deleted: [{ id: '9', name: 'gone' }],
      },
    })
    expect(execution.endCheckpoint).toEqual({ at: '2' })
    expect(execution.logs.map(({ message }) => message)).toEqual(['9'])
    expect(records.all('Item').map(({ id }) => id)).toEqual(['1', '2'])
  })

  it('keeps a delete window open over executions', async () => {
    const records = new RecordSet({
      Item: [
        { id: '1', name: 'a' },
        { id: '2', name: 'b' },
      ],
    })
    const start = `await ctx.trackDeletesStart('Item'); await ctx.batchSave([{ id: '1', name: 'a' }], 'Item')`
    await execute(sync(start), () => null, { records })
    const end = `await ctx.trackDeletesEnd('Item')`
    const { execution } = await execute(sync(end), () => null, { records })
    expect(execution.records['Item']?.deleted).toEqual([{ id: '2', name: 'b' }])
  })

  it('refuses a mass deletion and deletes nothing', async () => {
    const many = Array.from({ length: 30 }, (_, n) => ({ id: String(n), name: 'x' }))
    const records = new RecordSet({ Item: many })
    const body = `await ctx.deleteRecordsFromPreviousExecutions('Item')`
    const { execution } = await execute(sync(body), () => null, { records })
    expect(execution.outcome).toMatchObject({
      kind: 'threw',
      error: { type: 'plumb-error', message: expect.stringMatching(/30 of 30/) },
    })
    expect(records.all('Item')).toHaveLength(30)
  })

  it('starts from the checkpoint it is given and can clear it', async () => {
    const body = `console.log((await ctx.getCheckpoint()).at); await ctx.clearCheckpoint(); await ctx.clearCheckpoint()
      console.log(await ctx.getCheckpoint())`
    const { execution } = await execute(sync(body), () => null, { checkpoint: { at: 'x' } })
    expect(execution.logs.map(({ message }) => message)).toEqual(['x', 'null'])
    expect(execution).toMatchObject({ startCheckpoint: { at: 'x' }, endCheckpoint: null })
  })

  it('changes metadata for the execution only', async () => {
    const body = `await ctx.updateMetadata({ plan: 'pro' }); const merged = await ctx.getMetadata()
      await ctx.setMetadata({ only: 1 }); return [merged, await ctx.getMetadata(), (await ctx.getConnection()).connection_config]`
    const { execution } = await execute(action(body), () => null)
    const expected = [{ region: 'eu', plan: 'pro' }, { only: 1 }, { subdomain: 'acme' }]
    expect(execution.outcome).toEqual({ kind: 'returned', output: expected })
    expect(execution.metadata).toEqual({ region: 'eu' })
  })

  it('takes and releases locks, and knows no other connection', async () => {
    const body = `const lock = { key: 'k', ttlMs: 1000 }
      const states = [await ctx.tryAcquireLock(lock), await ctx.tryAcquireLock(lock), await ctx.releaseLock(lock), await ctx.tryAcquireLock(lock)]
      const other = await ctx.getConnection('slack', 'c9').catch((error) => error.code)
      return [states, other, await ctx.getIntegration()]`
    const { execution } = await execute(action(body), () => null)
    const integration = { unique_key: 'example', provider: 'example' }
    expect(execution.outcome).toEqual({
      kind: 'returned',
      output: [[true, true, true, true], 'connection-unknown', integration],
    })
  })

  it('hands a refusal of the gateway to the function', async () => {
    const error = new PlumbError({ code: 'host-not-allowed', message: 'm', remedy: 'r' })
    const { execution } = await execute(action(`await ctx.get({ endpoint: '/x' })`), () => ({
      kind: 'refused',
      error,
    }))
    expect(execution.outcome).toMatchObject({
      error: { type: 'plumb-error', payload: { code: 'host-not-allowed', remedy: 'r' } },
    })
  })

  it('ends at once when access is lost, whatever the function does with it', async () => {
    const cause: BlockedCause = {
      kind: 'access-revoked',
      message: 'The token was revoked.',
      remedy: 'Reconnect.',
      receiptIds: ['r1'],
    }
    const told: BlockedCause[] = []
    const body = `try { await ctx.get({ endpoint: '/x' }) } catch {} return { made: 'up' }`
    const { execution } = await execute(action(body), () => ({ kind: 'access-lost', cause }), {
      onAccessLost: (lost) => told.push(lost),
    })
    expect(told).toEqual([cause])
    expect(execution.outcome).toMatchObject({
      kind: 'threw',
      error: { type: 'plumb-error', message: 'The token was revoked.', payload: cause },
    })
  })

  it('tells a deadline, and keeps what happened before it', async () => {
    const body = `await ctx.get({ endpoint: '/x' }); console.log('before'); for (;;);`
    const { execution } = await execute(action(body), () => ({}), { deadlineMs: 3000 })
    expect(execution.outcome).toMatchObject({ kind: 'killed', reason: 'deadline' })
    expect(execution).toMatchObject({ cpuMs: null, calls: [{}], logs: [{ message: 'before' }] })
  })

  it('repeats itself exactly under a stopped clock', async () => {
    const clock = { now: '2026-03-01T00:00:00.000Z', seed: 's' }
    const body = `await new Promise((done) => setTimeout(done, 1000)); return [new Date().toISOString(), crypto.randomUUID()]`
    const once = () => execute(action(body), () => null, { clock, purpose: 'verification' })
    const [first, second] = [await once(), await once()]
    expect(second.execution.outcome).toEqual(first.execution.outcome)
    expect(first.execution.outcome).toMatchObject({
      output: ['2026-03-01T00:00:01.000Z', expect.any(String)],
    })
  })

  it('leaves nothing behind between verifications', async () => {
    const body = `globalThis.count = (globalThis.count ?? 0) + 1; return globalThis.count`
    const verify = () => execute(action(body), () => null, { purpose: 'verification' })
    for (const { execution } of [await verify(), await verify()]) {
      expect(execution.outcome).toEqual({ kind: 'returned', output: 1 })
    }
  })
})
