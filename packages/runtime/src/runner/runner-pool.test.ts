import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { FunctionOutcome } from '@plumb/protocol'
import { hostMethod } from './function-host.js'
import type { FunctionHost } from './function-host.js'
import type { TenantOrder } from './runner-pool.js'
import { actionCode, openTestRunner, testHost, testOrder } from './testing/test-runner.js'
import type { TestRunner } from './testing/test-runner.js'

let runner: TestRunner

beforeAll(async () => {
  runner = await openTestRunner({ times: { graceMs: 300, heartbeatMs: 100, silenceMs: 60_000 } })
})

afterAll(async () => {
  await runner?.close()
})

async function outcomeOf(body: string, more: Partial<TenantOrder> = {}): Promise<FunctionOutcome> {
  return (await runner.pool.run(testOrder(body, more))).outcome
}

function answering(text: string, headers: Record<string, string> = {}): FunctionHost {
  const body = { encoding: 'utf8', text }
  const response = {
    status: 200,
    headers: { 'content-type': 'application/json', ...headers },
    body,
  }
  return testHost({ request: hostMethod(z.unknown(), () => ({ kind: 'answered', response })) })
}

describe('a run', () => {
  it('calls the host through the context and returns what the function returns', async () => {
    const body = `const { data } = await ctx.get({ endpoint: '/user' }); return { name: data.name, input }`
    const outcome = await outcomeOf(body, { input: { a: 1 }, host: answering('{"name":"Ada"}') })
    expect(outcome).toEqual({ kind: 'returned', output: { name: 'Ada', input: { a: 1 } } })
  })

  it('reports CPU time and memory', async () => {
    const { cpuMs, memoryBytes } = await runner.pool.run(
      testOrder('for (let i = 0; i < 1e7; i++);'),
    )
    expect(cpuMs).toBeGreaterThan(0)
    expect(memoryBytes).toBeGreaterThan(10_000_000)
  })

  it('keeps what console and ctx.log say, in order', async () => {
    const host = testHost()
    const body = `console.log('one', { a: 1 }); await ctx.log('two', { b: 2 }, { level: 'warn' }); console.error('three')`
    await outcomeOf(body, { host })
    expect(host.lines).toEqual(['info one { a: 1 }', 'warn two {"b":2}', 'error three'])
  })

  it('drops log lines beyond a thousand and says so', async () => {
    const host = testHost()
    await outcomeOf(`for (let i = 0; i < 5000; i++) console.log(i)`, { host })
    expect(host.lines).toHaveLength(1000)
    expect(host.lines.at(-1)).toBe('info Further log lines were dropped.')
  })

  it('tells an ActionError with its payload', async () => {
    const outcome = await outcomeOf(
      `throw new ctx.ActionError({ type: 'gone', message: 'No', id: 7 })`,
    )
    expect(outcome).toMatchObject({
      kind: 'threw',
      error: { type: 'action-error', message: 'No', payload: { type: 'gone', id: 7 } },
    })
  })

  it('keeps the frames of the function only', async () => {
    const outcome = await outcomeOf(`null.x`)
    const { error } = outcome as Extract<FunctionOutcome, { kind: 'threw' }>
    expect(error).toMatchObject({ type: 'error', status: null })
    expect(error.stack?.split('\n').every((line) => line.includes('sample.ts'))).toBe(true)
  })

  it('fails when a promise that nobody awaited rejects', async () => {
    const outcome = await outcomeOf(
      `Promise.reject(new Error('lost')); await new Promise((done) => setTimeout(done, 1000))`,
    )
    expect(outcome).toMatchObject({ kind: 'threw', error: { message: 'lost' } })
  })

  it('makes many calls at once without leaving the window', async () => {
    const host = testHost({ getCheckpoint: hostMethod(z.unknown(), () => ({ n: 1 })) })
    const body = `return (await Promise.all(Array.from({ length: 500 }, () => ctx.getCheckpoint()))).length`
    expect(await outcomeOf(body, { host })).toEqual({ kind: 'returned', output: 500 })
  })

  it('gives a clear error for a batch that no frame can hold, and goes on', async () => {
    const body = `try { await ctx.post({ endpoint: '/x', data: 'x'.repeat(17e6) }) } catch (e) { return e.message }`
    const outcome = await outcomeOf(body)
    expect(outcome).toMatchObject({
      kind: 'returned',
      output: expect.stringMatching(/cap of 16777216/),
    })
  })

  it('has what functions encode bodies with', async () => {
    const body = `const form = new FormData(); form.append('f', new Blob(['x']), 'x.txt')
      await ctx.post({ endpoint: '/x', data: form }); await ctx.post({ endpoint: '/x', data: new URLSearchParams({ a: 1 }) })
      return [new TextDecoder().decode(new TextEncoder().encode('é')), atob(btoa('x')), structuredClone([1]), require('url').parse('http://a/b').path]`
    const outcome = await outcomeOf(body, { host: answering('{}') })
    expect(outcome).toEqual({ kind: 'returned', output: ['é', 'x', [1], '/b'] })
  })

  it('says what nests too deep for a frame, whether it is sent, returned or thrown', async () => {
    const deep = `let deep = []; for (let n = 0; n < 300; n += 1) deep = [deep];`
    const sent = `try { await ctx.post({ endpoint: '/x', data: 'x', params: deep }); await ctx.setMetadata({ deep }) }
      catch (e) { return e.message }`
    expect(await outcomeOf(`${deep} ${sent}`)).toMatchObject({ kind: 'returned' })
    const told = { kind: 'threw', error: { message: expect.stringMatching(/deeper than 200/) } }
    expect(await outcomeOf(`${deep} return deep`)).toMatchObject(told)
    expect(await outcomeOf(`${deep} throw new ctx.ActionError({ deep })`)).toMatchObject(told)
    expect(await outcomeOf('return 1')).toEqual({ kind: 'returned', output: 1 })
  })

  it('refuses an output above 2 MB', async () => {
    expect(await outcomeOf(`return 'x'.repeat(3e6)`)).toMatchObject({
      kind: 'threw',
      error: { type: 'plumb-error', payload: { code: 'output-invalid' } },
    })
  })

  it('tells an answer of the host that is too large as an error of that call', async () => {
    const host = answering('x'.repeat(17_000_000))
    const outcome = await outcomeOf(
      `try { await ctx.get({ endpoint: '/x' }) } catch (e) { return e.message }`,
      { host },
    )
    expect(outcome).toMatchObject({ kind: 'returned', output: expect.stringMatching(/cap of/) })
  })
})

describe('tenants', () => {
  it('keeps a process for its tenant and never gives it to another', async () => {
    const body = `globalThis.left = (globalThis.left ?? 0) + 1; return globalThis.left`
    expect(await outcomeOf(body, { tenant: 't1' })).toEqual({ kind: 'returned', output: 1 })
    expect(await outcomeOf(body, { tenant: 't1' })).toEqual({ kind: 'returned', output: 2 })
    for (const tenant of ['t2', 't3', 't4', 't5']) {
      expect(await outcomeOf(body, { tenant })).toEqual({ kind: 'returned', output: 1 })
    }
  })

  it('lets runs wait when all processes are busy', async () => {
    const body = `await new Promise((done) => setTimeout(done, 20)); return 1`
    const runs = Array.from({ length: 6 }, (_, n) => outcomeOf(body, { tenant: `busy ${n % 3}` }))
    expect(await Promise.all(runs)).toEqual(Array(6).fill({ kind: 'returned', output: 1 }))
  })

  it('ends a process that is to be used once', async () => {
    const body = `globalThis.left = (globalThis.left ?? 0) + 1; return globalThis.left`
    for (const once of [true, true]) {
      const outcome = await outcomeOf(body, { tenant: 'once', once })
      expect(outcome).toEqual({ kind: 'returned', output: 1 })
    }
  })

  it('refuses work when it is closed', async () => {
    const other = await openTestRunner()
    await other.close()
    await expect(other.pool.run(testOrder('return 1'))).rejects.toThrow(/pool is closed/)
  })

  it('starts nothing for an order that is cancelled already', async () => {
    const signal = AbortSignal.abort(new Error('stop'))
    await expect(outcomeOf('return 1', { signal })).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('a function that does not let go', () => {
  const loops = {
    'a synchronous loop': 'for (;;);',
    'a microtask loop': 'const again = () => Promise.resolve().then(again); await again()',
    'a regular expression': `/^(a+)+$/.test('a'.repeat(50) + 'b')`,
    'a promise that never settles': 'await new Promise(() => setInterval(() => {}, 10))',
  }
  for (const [name, body] of Object.entries(loops)) {
    it(`is ended at its deadline: ${name}`, async () => {
      expect(await outcomeOf(body, { deadlineMs: 400 })).toMatchObject({
        kind: 'killed',
        reason: 'deadline',
      })
    })
  }

  it('is ended when its process is silent for too long', async () => {
    const impatient = await openTestRunner({
      times: { graceMs: 50, heartbeatMs: 50, silenceMs: 300 },
    })
    try {
      const { outcome } = await impatient.pool.run(testOrder('for (;;);'))
      expect(outcome).toMatchObject({ kind: 'killed', detail: expect.stringMatching(/300 ms/) })
    } finally {
      await impatient.close()
    }
  })

  it('is ended when the caller cancels', async () => {
    const stop = new AbortController()
    const host = testHost({
      getCheckpoint: hostMethod(z.unknown(), () => stop.abort(new Error('enough'))),
    })
    const body = 'await ctx.getCheckpoint(); await new Promise(() => {})'
    const outcome = await outcomeOf(body, { host, signal: stop.signal })
    expect(outcome).toEqual({ kind: 'killed', reason: 'aborted', detail: 'enough' })
  })

  it('is ended for its memory: heap', async () => {
    const body = `const all = []; for (;;) all.push(new Array(1e5).fill(all.length))`
    const outcome = await outcomeOf(body, { deadlineMs: 90_000 })
    expect(outcome).toMatchObject({ kind: 'killed', reason: 'memory' })
  }, 120_000)

  it('cannot take memory outside the heap either', async () => {
    const body = `const all = []; for (let i = 0; i < 4000; i++) all.push(Buffer.alloc(1e6, 1)); return all.length`
    const outcome = await outcomeOf(body)
    expect(outcome.kind).not.toBe('returned')
  })
})

describe('ways out of a function', () => {
  const attempts = {
    'process.exit': `process.exit(0)`,
    'dynamic import': `return await import('node:fs')`,
    'requiring a module': `return require('node:fs')`,
    'the Function constructor': `return Function('return process')().binding('fs')`,
    'the constructor of the context': `return ctx.constructor.constructor('return process')().mainModule.require`,
    fetch: `return await fetch('http://127.0.0.1')`,
    credentials: `return (await ctx.getConnection()).credentials`,
  }
  for (const [name, body] of Object.entries(attempts)) {
    it(`fails: ${name}`, async () => {
      const host = testHost({
        getConnection: hostMethod(z.unknown(), () => ({ connection_id: 'c' })),
      })
      expect(await outcomeOf(body, { host })).toMatchObject({ kind: 'threw' })
    })
  }

  it('shows an empty environment', async () => {
    const body = `return [Object.keys(process.env), Object.keys(globalThis.process.env)]`
    expect(await outcomeOf(body)).toEqual({ kind: 'returned', output: [[], []] })
  })
})

describe('describe', () => {
  it('asks the same text once, and again when that failed', async () => {
    const code = actionCode('return null')
    const first = await runner.pool.describe({ code })
    expect(await runner.pool.describe({ code })).toBe(first)
    const broken = { code: 'throw new Error("not now")' }
    const refusal = await runner.pool.describe(broken).catch((error: unknown) => error)
    const again = await runner.pool.describe(broken).catch((error: unknown) => error)
    expect(again).not.toBe(refusal)
    expect(again).toMatchObject({ code: 'function-invalid' })
  })

  it('reads a definition without running it', async () => {
    const code = `
      const { createSync } = require('@plumb/sdk'); const { z } = require('zod')
      module.exports.default = createSync({ description: 'Contacts', frequency: 'every 5m', version: '1.2.0',
        models: { Contact: z.object({ id: z.string(), name: z.string().optional() }) },
        checkpoint: z.object({ after: z.string() }), scopes: ['read'],
        exec: async () => { throw new Error('must not run') } })`
    const definition = await runner.pool.describe({ code })
    expect(definition).toMatchObject({
      kind: 'sync',
      description: 'Contacts',
      frequency: 'every 5m',
      scopes: ['read'],
      inputSchema: null,
      models: { Contact: { type: 'object', required: ['id'] } },
      checkpointSchema: { required: ['after'] },
    })
  })

  const broken = {
    'no default export': [`module.exports = {}`, /default export/],
    'code that throws': [`throw new Error('top level')`, /top level/],
    'a syntax error': [`const = 1`, /Unexpected token/],
    'a wrong frequency': [
      `const { createSync } = require('nango'); const { z } = require('zod')
       module.exports.default = createSync({ description: 'd', frequency: 'every 5s', models: {}, exec() {} })`,
      /every 5s/,
    ],
  } as const
  for (const [name, [code, message]] of Object.entries(broken)) {
    it(`refuses ${name}`, async () => {
      await expect(runner.pool.describe({ code })).rejects.toMatchObject({
        code: 'function-invalid',
        message: expect.stringMatching(message),
      })
    })
  }
})
