import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { providerSchema } from '@plumb/protocol'
import { z } from 'zod'
import { createAction } from '../create-action.js'
import { createSync } from '../create-sync.js'
import type { PaginationOptions } from '../proxy-configuration.js'
import { NangoActionMock, NangoSyncMock, replayFunction } from './index.js'

const root = mkdtempSync(join(tmpdir(), 'plumb-traps-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let count = 0
function fixtureFile(content: unknown) {
  const dirname = join(root, `case-${(count += 1)}`, 'tests')
  mkdirSync(dirname, { recursive: true })
  const path = join(dirname, 'subject.test.json')
  writeFileSync(path, JSON.stringify(content))
  return { path, options: { dirname, name: 'subject', Model: 'Item' } }
}

const provider = providerSchema.parse({
  name: 'shop',
  displayName: 'Shop',
  auth: { mode: 'bearer' },
  proxy: { baseUrl: 'https://api.shop.example/v1' },
})

const cursor: PaginationOptions = {
  type: 'cursor',
  cursor_name_in_request: 'cursor',
  cursor_path_in_response: 'next',
  response_path: 'items',
}

function syncWith(exec: Parameters<typeof createSync>[0]['exec']) {
  return createSync({
    description: 'Items',
    frequency: 'every hour',
    models: { Item: z.object({ id: z.string() }) },
    exec,
  })
}

function walking(paginate: PaginationOptions) {
  return syncWith(async (ctx) => {
    for await (const page of ctx.paginate<{ id: string }>({ endpoint: '/items', paginate })) {
      await ctx.batchSave(page ?? [], 'Item')
    }
  })
}

function calling(exec: Parameters<typeof createAction>[0]['exec']) {
  return createAction({ description: 'Call', input: z.any(), output: z.any(), exec })
}

/** Runs as a generated test does. */
async function compatSaves(
  sync: ReturnType<typeof syncWith>,
  file: ReturnType<typeof fixtureFile>,
) {
  const mock = new NangoSyncMock(file.options)
  const spy = vi.spyOn(mock, 'batchSave')
  await sync.exec(mock as never)
  expect(spy.mock.calls.flatMap(([records]) => records)).toEqual(
    await mock.getBatchSaveData('Item'),
  )
}

async function compatReturns(
  action: ReturnType<typeof calling>,
  file: ReturnType<typeof fixtureFile>,
) {
  const mock = new NangoActionMock(file.options)
  expect(await action.exec(mock as never, await mock.getInput())).toEqual(await mock.getOutput())
}

describe('what compat mode lets pass and strict mode finds', () => {
  it('a walk that stops silently at an empty page whose cursor is live', async () => {
    const file = fixtureFile({
      nango: { batchSave: { Item: [] } },
      api: { get: { '/items': { response: { items: [], next: 'more' }, request: {} } } },
    })
    await compatSaves(walking(cursor), file)
    await expect(
      replayFunction({ function: walking(cursor), fixture: file.path }),
    ).rejects.toMatchObject({ code: 'replay-unknown-request' })
  })

  it('a link page that carries the credentials to another origin', async () => {
    const link: PaginationOptions = {
      type: 'link',
      link_path_in_response_body: 'next',
      response_path: 'items',
    }
    const first = { items: [{ id: 'a' }], next: 'https://elsewhere.example/v1/items?page=2' }
    const file = fixtureFile({
      nango: { batchSave: { Item: [{ id: 'a' }, { id: 'b' }] } },
      api: {
        get: {
          '/items': { response: first, request: {} },
          '/v1/items': { response: { items: [{ id: 'b' }] }, request: { params: { page: '2' } } },
        },
      },
    })
    await compatSaves(walking(link), file)
    await expect(
      replayFunction({ function: walking(link), fixture: file.path, provider }),
    ).rejects.toMatchObject({
      code: 'host-not-allowed',
      message: expect.stringContaining('https://elsewhere.example'),
    })
  })

  it('parameters of the caller that a walk changed', async () => {
    const twice = syncWith(async (ctx) => {
      const params = { kind: 'x' }
      for (const endpoint of ['/items', '/more']) {
        const pages = ctx.paginate<{ id: string }>({ endpoint, params, paginate: cursor })
        for await (const page of pages) await ctx.batchSave(page, 'Item')
      }
    })
    const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ id }))
    const file = fixtureFile({
      nango: { batchSave: { Item: [a, b, c] } },
      api: {
        get: {
          '/items': [
            { response: { items: [a], next: '2' }, request: { params: { kind: 'x' } } },
            { response: { items: [b] }, request: { params: { kind: 'x', cursor: '2' } } },
          ],
          '/more': { response: { items: [c] }, request: { params: { kind: 'x', cursor: '2' } } },
        },
      },
    })
    await compatSaves(twice, file)
    await expect(replayFunction({ function: twice, fixture: file.path })).rejects.toMatchObject({
      code: 'replay-unknown-request',
      message: expect.stringContaining('query recorded as "cursor=2&kind=x", asked as "kind=x"'),
    })
  })

  it('a path at which no list is', async () => {
    const link: PaginationOptions = {
      type: 'link',
      link_path_in_response_body: 'next',
      response_path: 'data.items',
    }
    const file = fixtureFile({
      nango: { batchSave: { Item: [] } },
      api: { get: { '/items': { response: { items: [{ id: 'a' }] }, request: {} } } },
    })
    await compatSaves(walking(link), file)
    await expect(replayFunction({ function: walking(link), fixture: file.path })).rejects.toThrow(
      'has no list at "data.items"; it has: items',
    )
  })

  it('an answer outside 2xx that resolves', async () => {
    const read = calling(
      async (ctx) => (await ctx.get<{ why: string }>({ endpoint: '/x' })).data.why,
    )
    const file = fixtureFile({
      output: 'gone',
      api: { get: { '/x': { response: { why: 'gone' }, status: 404, request: {} } } },
    })
    await compatReturns(read, file)
    await expect(replayFunction({ function: read, fixture: file.path })).rejects.toMatchObject({
      status: 404,
      response: { data: { why: 'gone' } },
    })
    const honest = calling(
      async (ctx) =>
        (await ctx.get<{ why: string }>({ endpoint: '/x', expectedStatus: [404] })).data.why,
    )
    const replay = await replayFunction({ function: honest, fixture: file.path })
    expect(replay.output).toBe('gone')
  })

  it('a recording that nothing asks for', async () => {
    const read = calling(async (ctx) => (await ctx.get({ endpoint: '/x' })).data)
    const file = fixtureFile({
      output: 1,
      api: { get: { '/x': { response: 1 }, '/y': { response: 2 } } },
    })
    await compatReturns(read, file)
    await expect(replayFunction({ function: read, fixture: file.path })).rejects.toMatchObject({
      code: 'replay-unused-recording',
      message: expect.stringContaining('GET /y'),
    })
  })

  it('a second identical request', async () => {
    const twice = calling(async (ctx) => {
      await ctx.post({ endpoint: '/x', data: { n: 1 } })
      return (await ctx.post({ endpoint: '/x', data: { n: 1 } })).data
    })
    const file = fixtureFile({
      output: 1,
      api: { post: { '/x': { response: 1, request: { data: { n: 1 } } } } },
    })
    await compatReturns(twice, file)
    await expect(replayFunction({ function: twice, fixture: file.path })).rejects.toThrow(
      'it was served already',
    )
  })

  it('a body that differs', async () => {
    const write = calling(async (ctx) => (await ctx.post({ endpoint: '/x', data: { n: 2 } })).data)
    const file = fixtureFile({ output: 1, api: { post: { '/x': { response: 1, request: {} } } } })
    await compatReturns(write, file)
    await expect(replayFunction({ function: write, fixture: file.path })).rejects.toMatchObject({
      code: 'replay-unknown-request',
      message: expect.stringContaining('body recorded as "", asked as "{\\"n\\":2}"'),
    })
  })
})
