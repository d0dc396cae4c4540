import { afterAll, beforeAll, expect, it } from 'vitest'
import { openActions } from '../actions/open-actions.js'
import { deployText } from '../deployments/testing/deploy-text.js'
import { openEngine } from '../engine/open-engine.js'
import { openGateway } from '../gateway/open-gateway.js'
import { openTestGateway } from '../gateway/testing/open-test-gateway.js'
import type { TestGateway } from '../gateway/testing/open-test-gateway.js'
import { openLogWriter } from '../logs/open-log-writer.js'
import { openTestRunner } from '../runner/testing/test-runner.js'
import type { TestRunner } from '../runner/testing/test-runner.js'

let world: TestGateway
let runner: TestRunner
const closers: { close(): Promise<unknown> }[] = []
beforeAll(async () => {
  world = await openTestGateway()
  runner = await openTestRunner({ size: 3 })
}, 60_000)
afterAll(async () => {
  for (const closer of closers.reverse()) await closer.close()
  await runner?.close()
  await world?.close()
})

/** What one of several processes has. */
function openProcess(host: string) {
  const { store } = world
  const gateway = openGateway(store)
  const logs = openLogWriter({ db: store.db })
  const engine = openEngine({ db: store.db, host })
  const actions = openActions({ ...{ store, gateway, logs, engine }, pool: runner.pool })
  closers.push(logs, gateway, engine, actions)
  return actions
}

it('actions of one connection, in any process, share their locks until each has ended', async () => {
  const [one, other] = [(await world.connect()).connection, (await world.connect()).connection]
  const take = "await ctx.tryAcquireLock({ key: 'month', ttlMs: 60000 })"
  for (const { integrationKey } of [one, other]) {
    for (const [name, body] of [
      ['hold', `const taken = ${take}; await ctx.get({ endpoint: '/hold' }); return taken`],
      ['take', `return ${take}`],
    ] as const) {
      const code = `import { createAction } from 'nango'
import * as z from 'zod'
export default createAction({ description: 'd', input: z.any(), output: z.any(), exec: async (ctx) => { ${body} } })`
      await deployText({ db: world.store.db, pool: runner.pool }, { integrationKey, name, code })
    }
  }
  const [first, second] = [openProcess('first'), openProcess('second')]
  let arrived: (end: () => void) => void
  const holding = new Promise<() => void>((resolve) => (arrived = resolve))
  world.server.on('GET /hold', (_request, response) => arrived(() => response.end('{}')))
  const run = async (actions: typeof first, action: string, { integrationKey } = one) => {
    const order = { environment: 'dev', integrationKey, connectionId: 'account', action }
    const outcome = await actions.run({ ...order, input: null })
    return outcome.kind === 'returned' ? outcome.output : outcome
  }
  const held = run(first, 'hold')
  const end = await holding
  expect([await run(second, 'take'), await run(first, 'take')]).toEqual([false, false])
  expect(await run(second, 'take', other)).toBe(true)
  end()
  expect(await held).toBe(true)
  expect(await run(second, 'take')).toBe(true)
  expect(await world.store.db.query('select 1 from plumb.locks')).toEqual([])
})
