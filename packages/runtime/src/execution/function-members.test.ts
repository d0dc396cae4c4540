import type { Credential, OutsideRequest, Provider } from '@plumb/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectionGateway } from '../gateway/connection-gateway.js'
import { openTestRunner } from '../runner/testing/test-runner.js'
import type { TestRunner } from '../runner/testing/test-runner.js'
import { memoryCheckpoints } from './checkpoints.js'
import { executeFunction } from './execute-function.js'
import type { ExecutionOrder } from './execute-function.js'
import { RecordSet } from './record-set.js'
import { action, connection, memoryGateway, sync } from './testing/memory-gateway.js'

let runner: TestRunner

beforeAll(async () => {
  runner = await openTestRunner()
})

afterAll(async () => {
  await runner?.close()
})

async function execute(code: string, order: Partial<ExecutionOrder> = {}) {
  const definition = await runner.pool.describe({ code })
  return executeFunction({
    pool: runner.pool,
    gateway: memoryGateway(() => ({})),
    compiled: { name: 'sample', fileName: 'sample.ts', code, sourceHash: 'hash', definition },
    purpose: 'dryrun',
    deadlineMs: 20_000,
    ids: { executionId: 'e1' },
    ...order,
  })
}

/** What an action with `body` returns; an error that it is told becomes its code. */
async function output(body: string, order: Partial<ExecutionOrder> = {}) {
  const { outcome } = await execute(action(body), order)
  if (outcome.kind === 'returned') return outcome.output
  return outcome.kind === 'threw' ? (outcome.error.payload as { code: string }).code : outcome
}

const oauth2: Credential = { kind: 'oauth2', accessToken: 'tok', refreshToken: 'ref', scopes: [] }

function keeping(credential: Credential, mode: string): ConnectionGateway {
  const provider = { name: 'example', displayName: 'Example', auth: { mode } } as Provider
  const oauthClient = { clientId: 'id', clientSecret: 'hidden' }
  return memoryGateway(() => ({}), {
    provider,
    oauthClient,
    credential: async () => ({ kind: 'usable', credential, version: 1 }),
  })
}

describe('credentials', () => {
  it.each([
    'return ctx.getToken()',
    'return (await ctx.getConnection()).credentials',
    "return ctx.getIntegration({ include: ['credentials'] })",
  ])('are refused unless a person allows them: %s', async (body) => {
    const gateway = keeping(oauth2, 'oauth2')
    expect(await output(body, { gateway })).toBe('credentials-refused')
  })

  it.each([
    ['oauth2', oauth2, 'tok', { type: 'OAUTH2', access_token: 'tok', refresh_token: 'ref' }],
    ['oauth2', { kind: 'bearer', token: 'b' }, 'b', { type: 'OAUTH2', access_token: 'b' }],
    ['bearer', { kind: 'bearer', token: 'b' }, { type: 'API_KEY', apiKey: 'b' }, { apiKey: 'b' }],
    [
      'api-key',
      { kind: 'api-key', apiKey: 'k' },
      { type: 'API_KEY', apiKey: 'k' },
      { apiKey: 'k' },
    ],
    [
      'basic',
      { kind: 'basic', username: 'u', password: 'p' },
      { type: 'BASIC', username: 'u', password: 'p' },
      { username: 'u' },
    ],
    ['none', { kind: 'none' }, {}, {}],
  ] as const)('of %s have the members that functions look for', async (...row) => {
    const [mode, credential, token, shown] = row
    const body =
      'return { token: await ctx.getToken(), shown: (await ctx.getConnection()).credentials }'
    const gateway = keeping(credential, mode)
    expect(await output(body, { gateway, credentialAccess: 'allowed' })).toMatchObject({
      token,
      shown,
    })
  })

  it('of the integration are its client', async () => {
    const body = "return ctx.getIntegration({ include: ['credentials'] })"
    const order = { gateway: keeping(oauth2, 'oauth2'), credentialAccess: 'allowed' } as const
    expect(await output(body, order)).toEqual({
      ...{ unique_key: 'example', provider: 'example', display_name: 'Example' },
      credentials: {
        type: 'OAUTH2',
        client_id: 'id',
        client_secret: 'hidden',
        scopes: null,
        webhook_secret: null,
      },
    })
  })
})

describe('an outside call', () => {
  const body = `const r = await ctx.uncontrolledFetch({ url: new URL('https://a.example/x'), method: 'POST', body: 'text' })
    return { ok: r.ok, status: r.status, url: r.url, header: r.headers.get('X-A'), json: await r.json(), global: typeof Response }`

  it('is refused unless a person allows it', async () => {
    expect(await output(body)).toBe('outside-call-refused')
  })

  it('answers with a Response inside the sealed runner, every time', async () => {
    const asked: OutsideRequest[] = []
    const gateway = memoryGateway(() => ({}), {
      callOutside: async (request) => {
        asked.push(request)
        const answered = { encoding: 'utf8', text: '{"id":"1"}' } as const
        const response = { status: 201, headers: { 'x-a': 'b' }, body: answered }
        return { kind: 'answered', url: request.url, response }
      },
    })
    const expected = {
      ok: true,
      status: 201,
      url: 'https://a.example/x',
      header: 'b',
      json: { id: '1' },
      global: 'undefined',
    }
    for (let run = 0; run < 2; run++) {
      expect(await output(body, { gateway, outsideCalls: 'allowed' })).toEqual(expected)
    }
    const text = Buffer.from('text').toString('base64')
    expect(asked[0]).toMatchObject({ method: 'POST', body: { encoding: 'base64', text } })
  })
})

describe('services', () => {
  it.each([
    ['triggerAction', "ctx.triggerAction('a', 'c', 'x')"],
    ['triggerSync', "ctx.triggerSync('a', 'c', 'x')"],
    ['startSync', "ctx.startSync('a', ['x'])"],
    ['getWebhookURL', 'ctx.getWebhookURL()'],
    ['getEnvironmentVariables', 'ctx.getEnvironmentVariables()'],
  ])('name the member and the place when %s is not supplied', async (member, call) => {
    const { outcome } = await execute(action(`return ${call}`))
    expect(outcome).toMatchObject({
      kind: 'threw',
      error: {
        message: `The function called ${member}, which a dry run does not supply.`,
        payload: { code: 'service-missing' },
      },
    })
  })

  it('are what the order supplies', async () => {
    const started: unknown[] = []
    const services = {
      triggerAction: async ({ action: name, input }: { action: string; input: unknown }) => ({
        name,
        input,
      }),
      triggerSync: async (call: unknown) => void started.push(call),
      startSync: async (call: unknown) => void started.push(call),
      webhookUrl: null,
      environment: { STAGE: 'test' },
    }
    const body = `await ctx.triggerSync('a', 'c', 'x'); await ctx.startSync('a', ['x'], 'c')
      return [await ctx.triggerAction('a', 'c', 'list', { n: 1 }), await ctx.getWebhookURL(), await ctx.getEnvironmentVariables()]`
    expect(await output(body, { services })).toEqual([
      { name: 'list', input: { n: 1 } },
      null,
      [{ name: 'STAGE', value: 'test' }],
    ])
    const target = { integrationKey: 'a', connectionId: 'c' }
    const named = { name: 'x', variant: 'base' }
    expect(started).toEqual([
      { ...target, sync: named, mode: 'incremental' },
      { ...target, syncs: [named] },
    ])
  })
})

describe('another connection', () => {
  const body = `const { data } = await ctx.get({ endpoint: '/x', connectionId: 'c2', providerConfigKey: 'other' })
    return [data, (await ctx.getConnection('other', 'c2')).connection_id, (await ctx.getConnection('example', 'c1')).metadata]`

  it('is used where the order has it, and its calls belong to the execution', async () => {
    const opened: unknown[] = []
    const other = memoryGateway(() => ({ from: 'other' }), {
      connection: { ...connection, integrationKey: 'other', connectionId: 'c2' },
    })
    const { outcome, calls } = await execute(action(body), {
      otherConnection: async (key) => {
        opened.push(key)
        return other
      },
    })
    expect(outcome).toEqual({
      kind: 'returned',
      output: [{ from: 'other' }, 'c2', { region: 'eu' }],
    })
    expect(opened).toEqual([{ integrationKey: 'other', connectionId: 'c2' }])
    expect(other.requests[0]?.connection).toBeNull()
    expect(calls).toMatchObject([{ url: '/x' }])
  })

  it('is unknown where it has none', async () => {
    expect(await output(body)).toBe('connection-unknown')
  })
})

describe('a checkpoint', () => {
  it('goes from one execution to the next', async () => {
    const checkpoints = memoryCheckpoints()
    const code = sync(`const c = await ctx.getCheckpoint(); await ctx.clearCheckpoint()
      await ctx.saveCheckpoint({ at: (c ? c.at : '') + 'x' })`)
    await execute(code, { checkpoints })
    const second = await execute(code, { checkpoints })
    expect([second.startCheckpoint, second.endCheckpoint]).toEqual([{ at: 'x' }, { at: 'xx' }])
  })

  it('of another execution is not overwritten', async () => {
    const checkpoints = memoryCheckpoints({ at: 'a' })
    const code = sync("await ctx.get({ endpoint: '/x' }); await ctx.saveCheckpoint({ at: 'mine' })")
    const gateway = memoryGateway(() => ({}))
    const request = gateway.request.bind(gateway)
    const { outcome, endCheckpoint } = await execute(code, {
      checkpoints,
      gateway: Object.assign(gateway, {
        request: async (...args: Parameters<typeof request>) => {
          await checkpoints.write({ at: 'theirs' }, 0)
          return request(...args)
        },
      }),
    })
    expect(outcome).toMatchObject({ error: { payload: { code: 'checkpoint-conflict' } } })
    expect(endCheckpoint).toEqual({ at: 'a' })
    expect(await checkpoints.read()).toMatchObject({ checkpoint: { at: 'theirs' } })
  })

  it('that was never saved is cleared without a trace', async () => {
    const checkpoints = memoryCheckpoints()
    await execute(sync('await ctx.clearCheckpoint()'), { checkpoints })
    expect(await checkpoints.read()).toEqual({ checkpoint: null, version: 0 })
  })
})

describe('records', () => {
  const save = (
    strategy: string,
  ) => `await ctx.setMergingStrategy({ strategy: '${strategy}' }, 'Item')
    await ctx.batchSave([{ id: '1', name: 'first' }, { id: '2', name: 'first' }], 'Item')
    await ctx.get({ endpoint: '/x' })
    await ctx.batchSave([{ id: '1', name: 'second' }, { id: '2', name: 'second' }], 'Item')`

  it.each([
    ['override', 'second'],
    ['ignore_if_modified_after', 'webhook'],
  ])('under %s that somebody else changes meanwhile end as %s', async (strategy, name) => {
    const records = new RecordSet()
    const gateway = memoryGateway(() => {
      records.save('Item', [{ id: '1', name: 'webhook' }])
      return {}
    })
    await execute(sync(save(strategy)), { records, gateway })
    expect(records.all('Item')).toEqual([
      { id: '1', name },
      { id: '2', name: 'second' },
    ])
  })

  it('are listed one by one, over the size of a page', async () => {
    const many = Array.from({ length: 250 }, (_, n) => ({ id: String(n), name: 'x' }))
    const body =
      "let n = 0; for await (const r of ctx.listRecords('Item')) n += Number(r.id); await ctx.saveCheckpoint({ at: String(n) })"
    const { endCheckpoint } = await execute(sync(body), { records: new RecordSet({ Item: many }) })
    expect(endCheckpoint).toEqual({ at: String((249 * 250) / 2) })
  })
})

it('a webhook runs onWebhook, and what it saves is stored', async () => {
  const more =
    "onWebhook: async (ctx, payload) => { await ctx.batchSave([payload.contact], 'Item') }"
  const contact = { id: '1', name: 'x' }
  const { records } = await execute(sync("throw new Error('exec ran')", more), {
    webhook: true,
    input: { contact },
  })
  expect(records['Item']?.saved).toEqual([contact])
})
