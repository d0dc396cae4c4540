import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createAction } from '../create-action.js'
import { createSync } from '../create-sync.js'
import { replayFunction } from './replay-function.js'

const root = mkdtempSync(join(tmpdir(), 'plumb-replay-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, content: unknown): string {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(content))
  return file
}

function calling(exec: Parameters<typeof createAction>[0]['exec']) {
  return createAction({ description: 'Call', input: z.any(), output: z.any(), exec })
}

const saving = createSync({
  description: 'Items',
  frequency: 'every hour',
  models: { Item: z.object({ id: z.string(), name: z.string() }) },
  exec: async (ctx) => {
    const { data } = await ctx.get<{ id: string; name: string }[]>({ endpoint: 'items' })
    await ctx.batchSave(data.slice(0, 2), 'Item')
    await ctx.batchDelete(data.slice(2), 'Item')
  },
})

describe('replayFunction', () => {
  it('serves answers to one request in their order', async () => {
    const poll = calling(async (ctx) => {
      const states: unknown[] = []
      for (let left = 2; left > 0; left -= 1) {
        states.push((await ctx.get<{ state: string }>({ endpoint: '/job' })).data.state)
      }
      return states
    })
    const job = [{ response: { state: 'running' } }, { response: { state: 'done' } }]
    const fixture = { output: ['running', 'done'], api: { get: { '/job': job } } }
    const file = write('poll/tests/poll.test.json', fixture)
    expect((await replayFunction({ function: poll, fixture: file })).output).toEqual([
      'running',
      'done',
    ])
  })

  it('tries again while another answer is recorded, and gives the last one otherwise', async () => {
    const read = calling(async (ctx) => (await ctx.get({ endpoint: '/x', retries: 5 })).data)
    const busy = { response: 'busy', status: 429 }
    const good = write('retry/tests/a.test.json', {
      output: 'fine',
      api: { get: { '/x': [busy, busy, { response: 'fine' }] } },
    })
    expect((await replayFunction({ function: read, fixture: good })).output).toBe('fine')
    const bad = write('retry/tests/b.test.json', { api: { get: { '/x': [busy, busy] } } })
    await expect(replayFunction({ function: read, fixture: bad })).rejects.toMatchObject({
      status: 429,
    })
  })

  it('names every place in which records differ', async () => {
    const items = ['a', 'b', 'c'].map((id) => ({ id, name: `item ${id}` }))
    const [a, b, c] = items
    const api = { get: { '/items': { response: items } } }
    const same = { batchSave: { Item: [a, b] }, batchDelete: { Item: [c] } }
    const good = write('records/tests/good.test.json', { nango: same, api })
    const { records } = await replayFunction({ function: saving, fixture: good })
    expect(records).toEqual({ Item: { saved: [a, b], updated: [], deleted: [c] } })
    const other = { batchSave: { Item: [a, { ...b, name: 'old', more: 1 }] } }
    const bad = write('records/tests/bad.test.json', { nango: other, api })
    await expect(replayFunction({ function: saving, fixture: bad })).rejects.toMatchObject({
      code: 'replay-difference',
      message: expect.stringContaining(
        [
          'batchSave.Item.1.name: recorded "old", got "item b"',
          'batchSave.Item.1.more: recorded 1, got nothing',
          'batchDelete.Item.0: not recorded, got {"id":"c","name":"item c"}',
        ].join('\n'),
      ),
    })
  })

  it('stops the clock and repeats randomness, and gives both back', async () => {
    const read = calling(async () => [
      new Date().toISOString(),
      Date.now(),
      Math.random(),
      randomUUID(),
      globalThis.crypto.randomUUID(),
    ])
    const fixture = write('clock/tests/read.test.json', {})
    const clock = { now: '2030-05-06T07:08:09.000Z', seed: 'seed' }
    const first = await replayFunction({ function: read, fixture, clock })
    const second = await replayFunction({ function: read, fixture, clock })
    expect(second).toEqual(first)
    expect((first.output as unknown[]).slice(0, 2)).toEqual([
      '2030-05-06T07:08:09.000Z',
      1_904_281_689_000,
    ])
    expect(new Date().getUTCFullYear()).not.toBe(2030)
    expect(randomUUID()).not.toBe(randomUUID())
  })

  it('takes the time of a run from its first answer', async () => {
    const read = calling(async (ctx) => {
      const since = new Date(Date.now() - 3_600_000).toISOString()
      return (await ctx.get({ endpoint: '/changes', params: { since } })).data
    })
    const fixture = write('date/tests/read.test.json', {
      output: 'ok',
      api: {
        get: {
          '/changes': {
            response: 'ok',
            headers: { date: 'Wed, 01 Jan 2025 11:00:00 GMT' },
            request: { params: { since: '2025-01-01T10:00:00.000Z' } },
          },
        },
      },
    })
    expect((await replayFunction({ function: read, fixture })).output).toBe('ok')
  })

  it('finds an unknown request that the function swallows', async () => {
    const quiet = calling(async (ctx) => {
      await ctx.get({ endpoint: '/x' }).catch(() => null)
      return 'fine'
    })
    const fixture = write('quiet/tests/quiet.test.json', { output: 'fine', api: {} })
    await expect(replayFunction({ function: quiet, fixture })).rejects.toMatchObject({
      code: 'replay-unknown-request',
    })
  })

  it('reads a mocks folder: hashed and flat recordings, input, output and records', async () => {
    const identity = {
      method: 'post',
      endpoint: 'search',
      params: [['page', 1]],
      headers: [['X-Kind', 'a']],
      data: '{"name":"Ada"}',
    }
    const nango = 'old/mocks/nango'
    write(`${nango}/post/proxy/search/find/0123.json`, {
      requestIdentity: identity,
      response: { id: 7 },
      status: 201,
    })
    write(`${nango}/get/proxy/people/7/find.json`, { id: 7, name: 'Ada' })
    write('old/mocks/find/input.json', { name: 'Ada' })
    write('old/mocks/find/output.json', { id: 7, name: 'Ada' })
    const find = calling(async (ctx, input) => {
      const { data } = await ctx.post<{ id: number }>({
        endpoint: '/search',
        params: { page: '1' },
        headers: { 'x-kind': 'a' },
        data: { name: (input as { name: string }).name },
      })
      return (await ctx.get({ endpoint: `/people/${data.id}`, params: { full: 'true' } })).data
    })
    const fixture = join(root, 'old/mocks/find')
    expect((await replayFunction({ function: find, fixture })).output).toEqual({
      id: 7,
      name: 'Ada',
    })
    await expect(
      replayFunction({ function: find, fixture, input: { name: 'Bob' } }),
    ).rejects.toMatchObject({ code: 'replay-unknown-request' })
    await expect(
      replayFunction({ function: find, fixture: join(root, 'old/mocks/other') }),
    ).rejects.toMatchObject({ code: 'fixture-missing' })
  })

  it('compares a long body by the hash that was recorded', async () => {
    const name = 'x'.repeat(2000)
    const post = (text: string) =>
      calling(async (ctx) => (await ctx.post({ endpoint: '/x', data: { name: text } })).data)
    const fixture = write('long/tests/long.test.json', {
      output: 'ok',
      api: {
        post: {
          '/x': {
            response: 'ok',
            request: { data: 'sha1:5ec13d931f1c8948c33237fc528edf737fcc01b0' },
          },
        },
      },
    })
    expect((await replayFunction({ function: post(name), fixture })).output).toBe('ok')
    await expect(replayFunction({ function: post(`${name}y`), fixture })).rejects.toMatchObject({
      code: 'replay-unknown-request',
    })
  })
})
