import type { PlumbError } from '@plumb/protocol'
import { getOperation, listMessages } from '@plumb/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deployText } from '../deployments/testing/deploy-text.js'
import { openEngine } from '../engine/open-engine.js'
import { openGateway } from '../gateway/open-gateway.js'
import { openTestGateway } from '../gateway/testing/open-test-gateway.js'
import type { TestGateway } from '../gateway/testing/open-test-gateway.js'
import { openLogWriter } from '../logs/open-log-writer.js'
import { openTestRunner } from '../runner/testing/test-runner.js'
import type { TestRunner } from '../runner/testing/test-runner.js'
import type { ActionOutcome, Actions, QueuedAction } from './actions.js'
import { openActions } from './open-actions.js'

let world: TestGateway
let runner: TestRunner
let actions: Actions
let integrationKey: string
const closers: (() => Promise<unknown>)[] = []
const environment = 'dev'
const connectionId = 'account'
const secret = 'tok-secret-4711'

beforeAll(async () => {
  world = await openTestGateway()
  runner = await openTestRunner()
  integrationKey = (await world.connect()).connection.integrationKey
  actions = await open()
}, 60_000)

afterAll(async () => {
  for (const close of closers.reverse()) await close()
  await runner?.close()
  await world?.close()
})

/** Everything a process has, as one of several on the same database. */
async function open(): Promise<Actions> {
  const { store } = world
  const gateway = openGateway(store)
  const logs = openLogWriter({ db: store.db, flushAfterMs: 20 })
  const engine = openEngine({ db: store.db, host: `test-${closers.length}`, pollMs: 50 })
  const opened = openActions({ ...{ store, gateway, logs, engine }, pool: runner.pool })
  if (closers.length === 0) await engine.start()
  closers.push(
    () => logs.close(),
    () => gateway.close(),
    () => engine.close(),
    () => opened.close(),
  )
  return opened
}

const deploy = (name: string, body: string, schemas = 'input: z.any(), output: z.any()') =>
  deployText(
    { db: world.store.db, pool: runner.pool },
    {
      ...{ integrationKey, name },
      code: `import { createAction } from 'nango'
import * as z from 'zod'
export default createAction({ description: 'd', ${schemas}, exec: async (ctx, input) => { ${body} } })`,
    },
  )

const order = (action: string, input: unknown = null) => ({
  ...{ environment, integrationKey, connectionId, action, input },
})

function failed(outcome: ActionOutcome): Extract<ActionOutcome, { kind: 'failed' }> {
  if (outcome.kind !== 'failed') throw new Error(`not failed: ${JSON.stringify(outcome)}`)
  return outcome
}

const patience = { timeout: 45_000 }

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing',
    (error: PlumbError) => error.code,
  )

it('answers with the output, and logs what was called without the secret', async () => {
  world.server.on('GET /me', { body: { id: 7, echo: `Bearer ${secret}` } })
  await deploy(
    'me',
    `await ctx.log('looking'); return (await ctx.get({ endpoint: '/me' })).data.id`,
  )
  const outcome = await actions.run(order('me'))
  expect(outcome).toMatchObject({ kind: 'returned', output: 7 })
  const { db } = world.store
  const id = outcome.operationId
  // The log is written a moment later.
  const logged = () => getOperation(db, { environment, id })
  await expect.poll(logged, patience).toMatchObject({ state: 'success', name: 'me' })
  const messages = await listMessages(db, { operationId: id, limit: 10 })
  expect(messages.map(({ level, text }) => `${level} ${text}`)).toEqual([
    'info looking',
    expect.stringMatching(/^info GET http:\S+\/me was answered with 200 in \d+ ms$/),
  ])
  expect(JSON.stringify(messages)).not.toContain(secret)
  expect(JSON.stringify(messages)).toContain('[secret]')
  expect(await db.query('select 1 from plumb.receipts')).toEqual([])
})

it('tells every way to fail with code, remedy and payload', async () => {
  const schemas = 'input: z.object({ n: z.number() }), output: z.object({ ok: z.boolean() })'
  await deploy('checked', 'return { ok: input.n === 1 ? true : "no" }', schemas)
  await deploy(
    'refuses',
    `throw new ctx.ActionError({ type: 'not_found', message: 'gone', at: 3 })`,
  )
  await deploy('breaks', `await ctx.get({ endpoint: '/broken' })`)
  await deploy('large', `return 'x'.repeat(3 * 1024 * 1024)`)
  world.server.on('GET /broken', { status: 418, body: { why: 'teapot' } })
  const run = async (name: string, input?: unknown) => failed(await actions.run(order(name, input)))
  const wrong = await run('checked', { n: 'x' })
  expect(wrong).toMatchObject({ code: 'input-invalid', payload: { issues: [{ path: 'n' }] } })
  expect(await run('checked', { n: 2 })).toMatchObject({
    ...{ code: 'output-invalid', payload: { issues: [{ path: 'ok' }] } },
  })
  expect(await run('refuses')).toMatchObject({
    ...{ code: 'action-failed', message: 'gone', payload: { type: 'not_found', at: 3 } },
  })
  expect(await run('breaks')).toMatchObject({
    ...{ code: 'action-provider-failed', status: 418, payload: { data: { why: 'teapot' } } },
  })
  expect(await run('large')).toMatchObject({ code: 'output-invalid' })
  expect((await run('large')).message).toMatch(/3145730 bytes; at most 2097152/)
  await expect(actions.run(order('refuse'))).rejects.toMatchObject({
    message: expect.stringContaining('no deployed action "refuse"') as string,
    remedy: expect.stringMatching(/^Did you mean "refuses"\? It has .*large/) as string,
  })
  await expect(actions.run(order('nothing-like-it'))).rejects.toMatchObject({
    remedy: expect.stringMatching(/^It has .*refuses/) as string,
  })
  expect(await codeOf(actions.run({ ...order('refuses'), connectionId: 'none' }))).toBe(
    'connection-unknown',
  )
})

it('ends an action whose caller has gone, or that does not let go', async () => {
  const leaving = new AbortController()
  world.server.on('GET /leave', (_request, response) => {
    response.end('{}')
    leaving.abort(new Error('The caller has gone.'))
  })
  await deploy('waits', `await ctx.get({ endpoint: '/leave' }); await new Promise(() => undefined)`)
  await deploy('hoards', `const all = []; for (;;) all.push(new Array(1e5).fill(all.length))`)
  const { signal } = leaving
  expect(failed(await actions.run({ ...order('waits'), signal })).code).toBe('cancelled')
  expect(failed(await actions.run(order('hoards'))).code).toBe('action-crashed')
}, 120_000)

it('calls other actions, and not in circles', async () => {
  await deploy('inner', 'return input + 1')
  const call = (name: string) =>
    `return ctx.triggerAction('${integrationKey}', '${connectionId}', '${name}', input)`
  await deploy('outer', call('inner'))
  const many = Array.from({ length: 6 }, () => actions.run(order('outer', 41)))
  for (const outcome of await Promise.all(many)) expect(outcome).toMatchObject({ output: 42 })
  await deploy('circle', call('circle'))
  expect(failed(await actions.run(order('circle'))).message).toMatch(/8 actions have called one/)
}, 120_000)

it('runs once for a key, however many ask at once and in whatever process', async () => {
  let writes = 0
  world.server.on('POST /items', (_request, response) => {
    writes += 1
    setTimeout(() => response.end(JSON.stringify({ id: writes })), 100)
  })
  await deploy('create', `return (await ctx.post({ endpoint: '/items', data: input })).data`)
  const other = await open()
  const keyed = { ...order('create', { a: 1, b: 2 }), idempotencyKey: 'key-1' }
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, n) => (n % 5 === 0 ? other : actions).run(keyed)),
  )
  expect(writes).toBe(1)
  expect(new Set(all.map((outcome) => JSON.stringify(outcome))).size).toBe(1)
  const swapped = { ...keyed, input: { b: 2, a: 1 } }
  expect(await other.run(swapped)).toEqual(all[0])
  expect(await codeOf(other.run({ ...keyed, input: { a: 2 } }))).toBe('idempotency-conflict')
  expect(writes).toBe(1)
}, 120_000)

it('frees the key of a request that was refused, or left before it changed anything', async () => {
  await deploy('slow', `await new Promise((done) => setTimeout(done, 200)); return input`)
  const keyed = { ...order('slow', 1), idempotencyKey: 'key-2' }
  expect(await codeOf(actions.run({ ...keyed, action: 'absent' }))).toBe('function-not-found')
  // On a slow machine it is left before its process has a place.
  const left = actions.run({ ...keyed, signal: AbortSignal.timeout(50) })
  const ended = await left.then(failed, (error: unknown) => error as PlumbError)
  expect(ended.code).toBe('cancelled')
  expect(await actions.run(keyed)).toMatchObject({ kind: 'returned', output: 1 })
})

it('steps in for a process that died before its first write, and not after it', async () => {
  const { db } = world.store
  await deploy('echo', 'return input')
  const dead = (id: string, wrote: boolean) =>
    db.query(
      `insert into plumb.action_calls (environment, id, integration_key, connection_id, action, input,
         request_hash, idempotency_key, queued, max_retries, state, attempts, owner, wrote)
       select environment, $1, integration_key, connection_id, action, input, request_hash, $1,
         false, 0, 'running', 1, 'dead', $2 from plumb.action_calls where idempotency_key = 'model'`,
      [id, wrote],
    )
  const asked = (idempotencyKey: string) => actions.run({ ...order('echo', 5), idempotencyKey })
  await asked('model')
  await dead('died early', false)
  await dead('died late', true)
  expect(await asked('died early')).toMatchObject({ kind: 'returned', output: 5 })
  const late = failed(await asked('died late'))
  expect(late).toMatchObject({ code: 'action-interrupted' })
  expect(await asked('died late')).toEqual(late)
})

async function ended(id: string): Promise<Extract<QueuedAction, { state: 'done' }>> {
  const find = () => actions.get({ environment, id })
  await expect.poll(find, patience).toMatchObject({ state: 'done' })
  const found = await find()
  if (found?.state !== 'done') throw new Error(`"${id}" is not done any more.`)
  return found
}

it('runs actions later, and tries again as often as it may', async () => {
  world.server.on('GET /flaky', { status: 503, body: {} }, { body: { ok: 1 } })
  await deploy('flaky', `return (await ctx.get({ endpoint: '/flaky' })).data`)
  const { id } = await actions.enqueue({ ...order('flaky'), maxRetries: 2 })
  expect((await ended(id)).outcome).toMatchObject({ kind: 'returned', output: { ok: 1 } })
  const refused = await actions.enqueue({ ...order('refuses'), maxRetries: 2 })
  expect((await ended(refused.id)).outcome).toMatchObject({ code: 'action-failed' })
  const { db } = world.store
  const attempts = await db.query('select attempts from plumb.action_calls where id = $1', [
    refused.id,
  ])
  expect(attempts).toEqual([{ attempts: 1 }])
  expect(await actions.get({ environment: 'prod', id })).toBeNull()
}, 120_000)

it('gives equal requests to run later one id', async () => {
  const keyed = { ...order('echo', 9), idempotencyKey: 'later-1' }
  const [first, ...more] = await Promise.all([1, 2, 3, 4].map(() => actions.enqueue(keyed)))
  expect(more).toEqual([first, first, first])
  expect((await ended(first?.id ?? '')).outcome).toMatchObject({ output: 9 })
  expect(await codeOf(actions.enqueue({ ...keyed, input: 8 }))).toBe('idempotency-conflict')
  expect(await actions.run(keyed)).toMatchObject({ output: 9 })
}, 120_000)
