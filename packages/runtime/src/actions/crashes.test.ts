import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { getActionCall } from '@plumb/store'
import type { ActionCall } from '@plumb/store'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { startTypeScript } from '../connections/testing/start-typescript.js'
import { deployText } from '../deployments/testing/deploy-text.js'
import { openTestGateway } from '../gateway/testing/open-test-gateway.js'
import type { TestGateway } from '../gateway/testing/open-test-gateway.js'
import { openTestRunner } from '../runner/testing/test-runner.js'
import { databaseUrlOf, killProcess } from '../syncs/testing/start-sync-process.js'
import type { QueuedActionOrder } from './actions.js'
import type { ActionProcessJob } from './testing/action-process.js'

let world: TestGateway
const children: ChildProcess[] = []
beforeAll(async () => {
  world = await openTestGateway()
})
afterEach(async () => {
  for (const child of children.splice(0)) await killProcess(child)
})
afterAll(() => world?.close())

async function start(job: Omit<ActionProcessJob, 'databaseUrl' | 'keysDirectory'>) {
  const child = await startTypeScript(new URL('./testing/action-process.ts', import.meta.url))
  children.push(child)
  const databaseUrl = await databaseUrlOf(world.store.db)
  const { keysDirectory } = world
  child.stdin.write(`${JSON.stringify({ ...job, databaseUrl, keysDirectory })}\n`)
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, ids: JSON.parse(said.toString()) as string[] }
}

async function eventually<T>(look: () => Promise<T | null>): Promise<T> {
  for (let tries = 0; tries < 2000; tries += 1) {
    const found = await look()
    if (found !== null) return found
    await sleep(50)
  }
  throw new Error('It did not happen.')
}

const done = (id: string): Promise<ActionCall> =>
  eventually(async () => {
    const call = await getActionCall(world.store.db, { environment: 'dev', id })
    return call?.state === 'done' ? call : null
  })

it('goes on after SIGKILL: what had changed nothing runs again, what had is not repeated unless it may be', async () => {
  const { connection, provider } = await world.connect()
  const { integrationKey } = connection
  const runner = await openTestRunner({ size: 1 })
  const code = (body: string) => `import { createAction } from 'nango'
import * as z from 'zod'
export default createAction({ description: 'd', input: z.any(), output: z.any(), exec: async (ctx, input) => { ${body} } })`
  const parts = { db: world.store.db, pool: runner.pool }
  const wait = `await ctx.get({ endpoint: '/hold' })`
  await deployText(parts, { integrationKey, name: 'reads', code: code(`${wait}; return input`) })
  const writes = code(`await ctx.post({ endpoint: '/items', data: input }); ${wait}; return input`)
  await deployText(parts, { integrationKey, name: 'writes', code: writes })
  await runner.close()
  let held = 0
  let open = false
  world.server.on('GET /hold', (_request, response) => {
    held += 1
    if (open) response.end('{}')
  })
  world.server.on('POST /items', { body: { ok: true } })
  const order = (action: string, input: number, maxRetries = 0): QueuedActionOrder => ({
    ...{ environment: 'dev', integrationKey, connectionId: 'account', action, input, maxRetries },
  })
  const orders = [order('reads', 1), order('writes', 2), order('writes', 3, 1)]
  const first = await start({ provider, orders })
  await eventually(async () => (held >= 3 ? held : null))
  await killProcess(first.child)
  open = true
  const more = Array.from({ length: 5 }, (_, n) => order('reads', 10 + n))
  const second = await start({ provider, orders: more })
  const outcomes = await Promise.all(
    [...first.ids, ...second.ids].map(async (id) => (await done(id)).outcome),
  )
  expect(outcomes).toMatchObject([
    { kind: 'returned', output: 1 },
    { kind: 'failed', code: 'action-interrupted' },
    { kind: 'returned', output: 3 },
    ...[10, 11, 12, 13, 14].map((output) => ({ kind: 'returned', output })),
  ])
  const posted = world.server.seen.filter(({ method }) => method === 'POST')
  expect(posted.map(({ body }) => body).sort()).toEqual(['2', '3', '3'])
}, 180_000)
