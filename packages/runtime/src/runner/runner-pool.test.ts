import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openSandbox } from '../sandbox/open-sandbox.js'
import type { Sandbox } from '../sandbox/sandbox.js'
import { bundle } from '../../bundle.mjs'
import { hostMethod } from './function-host.js'
import type { FunctionHost, HostMethod } from './function-host.js'
import { openRunnerPool } from './runner-pool.js'
import type { RunnerPool } from './runner-pool.js'

let sandbox: Sandbox
let pool: RunnerPool

beforeAll(async () => {
  await bundle()
  sandbox = await openSandbox()
  pool = await openRunnerPool({ sandbox, size: 2 })
})

afterAll(async () => {
  await pool?.close()
  await sandbox?.close()
})

function host(methods: Record<string, HostMethod> = {}): FunctionHost & { lines: string[] } {
  const lines: string[] = []
  return {
    lines,
    context: {
      connectionId: 'c1',
      providerConfigKey: 'github',
      provider: 'github',
      variant: 'base',
      lastSyncDate: null,
      pagination: null,
    },
    methods: new Map(Object.entries(methods)),
    log: (level, message) => lines.push(`${level} ${message}`),
  }
}

const action = (body: string) => `
const { createAction } = require('@plumb/sdk'); const z = require('zod');
module.exports.default = createAction({ description: 'd', input: z.unknown(), output: z.unknown(),
  exec: async (ctx, input) => { ${body} } })`

describe('runner pool', () => {
  it('runs an action that asks its host', async () => {
    const answering = host({
      request: hostMethod(z.unknown(), () => ({
        kind: 'answered',
        response: {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: { encoding: 'utf8', text: '{"name":"x"}' },
        },
      })),
    })
    const result = await pool.run({
      tenant: 'a',
      code: action(
        `console.log('hi', 1); const r = await ctx.get({ endpoint: '/user' }); return { name: r.data.name, input }`,
      ),
      fileName: 'f.ts',
      input: { a: 1 },
      deadlineMs: 5000,
      host: answering,
    })
    expect(result.outcome).toEqual({ kind: 'returned', output: { name: 'x', input: { a: 1 } } })
    expect(answering.lines).toEqual(['info hi 1'])
    expect(result.cpuMs).toBeGreaterThan(0)
  })
})
