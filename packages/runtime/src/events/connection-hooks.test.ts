import type { Connection, Json } from '@plumb/protocol'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deployText } from '../deployments/testing/deploy-text.js'
import { connection, memoryGateway } from '../execution/testing/memory-gateway.js'
import type { Gateway } from '../gateway/connection-gateway.js'
import type { LogWriter } from '../logs/log-writer.js'
import { openTestRunner } from '../runner/testing/test-runner.js'
import type { TestRunner } from '../runner/testing/test-runner.js'
import { connectionHooks } from './connection-hooks.js'

let db: TestDatabase
let runner: TestRunner
let calls: string[] = []
let told: { name: string | null; state?: string; error?: Json; texts: string[] }[] = []

beforeAll(async () => {
  db = await openTestDatabase()
  runner = await openTestRunner()
})
beforeEach(async () => {
  calls = []
  told = []
  await db.query('delete from plumb.deployments')
})
afterAll(async () => {
  await runner?.close()
  await db?.close()
})

const account: Connection = connection

/** Keeps in memory what is told. */
const logs: LogWriter = {
  start: ({ name }) => {
    const one: (typeof told)[number] = { name, texts: [] }
    told.push(one)
    return {
      id: `log-${told.length}`,
      message: ({ text }) => void one.texts.push(text),
      conceal: () => undefined,
      finish: ({ state, error }) => {
        one.state ??= state
        if (error !== undefined) one.error ??= error
      },
    }
  },
  flush: async () => undefined,
  close: async () => undefined,
}

function hooks(deadlineMs?: number) {
  const gateway = {
    forConnection: async () =>
      memoryGateway(({ method, endpoint }) => {
        calls.push(`${method} ${endpoint}`)
        return { ok: true }
      }),
  } as unknown as Gateway
  return connectionHooks({
    ...{ store: { db }, gateway, pool: runner.pool, logs },
    ...(deadlineMs !== undefined && { deadlineMs }),
    services: () => ({ environment: async () => ({ REGION: 'eu' }) }),
  })
}

const listen = (name: string, event: string, body: string) =>
  deployText(
    { db, pool: runner.pool },
    {
      ...{ integrationKey: 'example', name },
      code: `import { createOnEvent } from 'nango'
export default createOnEvent({ description: 'd', event: '${event}', exec: async (ctx) => { ${body} } })`,
    },
  )

describe('functions around a connection', () => {
  it('are not asked for when there are none, or for another event or integration', async () => {
    expect(await hooks().validate(account)).toEqual({ kind: 'valid' })
    await listen('setup', 'post-connection-creation', "await ctx.post({ endpoint: '/hook' })")
    expect(await hooks().validate(account)).toEqual({ kind: 'valid' })
    await hooks().created({ ...account, integrationKey: 'other' })
    expect([calls, told]).toEqual([[], []])
  })

  it('run with the connection and the variables of the environment, and are logged', async () => {
    const body = `const [one] = await ctx.getEnvironmentVariables()
      await ctx.post({ endpoint: '/' + one.name + '/' + one.value })`
    await listen('setup', 'post-connection-creation', body)
    await hooks().created(account)
    expect(calls).toEqual(['POST /REGION/eu'])
    expect(told).toMatchObject([{ name: 'setup', state: 'success' }])
  })

  it('refuse an account with their own words', async () => {
    const refuse = "throw new ctx.ActionError({ message: 'Choose a team account.' })"
    await listen('b-team', 'validate-connection', refuse)
    await listen('a-first', 'validate-connection', "await ctx.get({ endpoint: '/me' })")
    expect(await hooks().validate(account)).toEqual({
      kind: 'invalid',
      message: 'Choose a team account.',
    })
    expect(calls).toEqual(['GET /me'])
    expect(told).toMatchObject([
      { name: 'a-first', state: 'success' },
      { name: 'b-team', state: 'failed' },
    ])
  })

  it('that fail or never end keep no connection from being deleted, nor the next from running', async () => {
    await listen('a', 'pre-connection-deletion', "throw new Error('no')")
    await listen('b', 'pre-connection-deletion', 'await new Promise(() => undefined)')
    await listen('c', 'pre-connection-deletion', "await ctx.delete({ endpoint: '/hook' })")
    await hooks(4000).deleting(account)
    expect(calls).toEqual(['DELETE /hook'])
    expect(told.map(({ name, state }) => [name, state])).toEqual([
      ['a', 'failed'],
      ['b', 'failed'],
      ['c', 'success'],
    ])
  })
})
