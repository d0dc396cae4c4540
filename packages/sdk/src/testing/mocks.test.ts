import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { NangoActionMock, NangoSyncMock } from './index.js'

const root = mkdtempSync(join(tmpdir(), 'plumb-mocks-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let count = 0
/** A mock in an integration folder of its own; `files` are relative to it. */
function mockWith(files: Readonly<Record<string, unknown>>): NangoSyncMock {
  const folder = join(root, `${(count += 1)}`, 'shop')
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(content))
  }
  return new NangoSyncMock({ dirname: join(folder, 'tests'), name: 'subject', Model: 'Item' })
}

function unified(api: unknown, more: object = {}): NangoSyncMock {
  return mockWith({ 'tests/subject.test.json': { api, ...more } })
}

const hit = { response: 'hit' }

describe('a request of a unified fixture', () => {
  it.each([
    ['a leading slash in the key only', '/a', { endpoint: 'a' }, {}],
    ['a leading slash in the call only', 'a', { endpoint: '/a' }, {}],
    ['an absolute address', '/v1/a', { endpoint: 'https://api.example/v1/a' }, {}],
    ['the prefix of the proxy', '/a', { endpoint: '/proxy/a' }, {}],
    ['an encoded key', '/a%20b', { endpoint: '/a b' }, {}],
    ['a query in the call', '/a', { endpoint: '/a?x=1' }, { params: { x: '1' } }],
    ['numbers as text', '/a', { endpoint: '/a', params: { x: 1 } }, { params: { x: '1' } }],
    [
      'lists with commas',
      '/a',
      { endpoint: '/a', params: { x: [1, 2] } },
      { params: { x: '1,2' } },
    ],
    ['text for parameters', '/a', { endpoint: '/a', params: 'x=1' }, { params: { x: '1' } }],
    ['nothing for undefined', '/a', { endpoint: '/a', params: { x: undefined } }, {}],
    [
      'headers in any case',
      '/a',
      { endpoint: '/a', headers: { 'X-A': 1 } },
      { headers: { 'x-a': '1' } },
    ],
    ['its own headers', '/a', { endpoint: '/a', headers: { Accept: 'x', Retries: 3 } }, {}],
    [
      'the usual content type',
      '/a',
      { endpoint: '/a', headers: { 'Content-Type': 'application/json' } },
      {},
    ],
    ['any body when none was recorded', '/a', { endpoint: '/a', data: { x: 1 } }, {}],
    ['a body recorded as text', '/a', { endpoint: '/a', data: { x: 1 } }, { data: '{"x":1}' }],
  ])('matches %s', async (...[, key, asked, request]) => {
    const mock = unified({ get: { [key]: { ...hit, request } } })
    expect(await mock.get(asked)).toEqual({ data: 'hit', status: undefined, headers: undefined })
  })

  it.each([
    ['another parameter', { endpoint: '/a', params: { x: 2 } }, { params: { x: '1' } }],
    ['a parameter more', { endpoint: '/a', params: { x: 1, y: 1 } }, { params: { x: '1' } }],
    ['null, which is text', { endpoint: '/a', params: { x: null } }, {}],
    ['a header more', { endpoint: '/a', headers: { 'x-a': '1' } }, {}],
    [
      'the order of members in a body',
      { endpoint: '/a', data: { y: 1, x: 1 } },
      { data: { x: 1, y: 1 } },
    ],
  ])('does not match %s', async (...[, asked, request]) => {
    const mock = unified({ get: { '/a': { ...hit, request } } })
    await expect(mock.get(asked)).rejects.toMatchObject({ code: 'replay-unknown-request' })
  })

  it('gets the first match each time, and by hash whatever was recorded', async () => {
    const mock = unified({
      get: {
        '/a': [
          { response: 1, request: { params: { x: '1' } } },
          { response: 2, request: { params: { x: '1' } } },
          { response: 3, hash: 'b00aa8bcbf9ce034c84f8908c1b036d9827b9f22' },
        ],
      },
    })
    const answers = [{ x: 1 }, { x: 1 }, {}].map((params) => mock.get({ endpoint: '/a', params }))
    expect((await Promise.all(answers)).map(({ data }) => data)).toEqual([1, 1, 3])
  })

  it('resolves whatever the status, with the recorded members only', async () => {
    const mock = unified({ post: { '/a': { response: null, status: 500, headers: { a: 'b' } } } })
    expect(await mock.proxy({ endpoint: '/a', method: 'POST' })).toEqual({
      data: null,
      status: 500,
      headers: { a: 'b' },
    })
  })
})

describe('a mocks folder', () => {
  const identity = (params: unknown, headers: unknown = []) => ({
    method: 'get',
    endpoint: 'a',
    params,
    headers,
  })

  it('is read flat, by hash and by the recorded request', async () => {
    const folder = 'mocks/nango/get/proxy'
    const mock = mockWith({
      [`${folder}/flat?x=1/subject.json`]: { bare: true },
      [`${folder}/a/subject/b00aa8bcbf9ce034c84f8908c1b036d9827b9f22.json`]: {
        response: 'by hash',
        status: 404,
      },
      [`${folder}/a/subject/other.json`]: {
        requestIdentity: identity([['x', 1]]),
        response: 'by request',
      },
    })
    expect((await mock.get({ endpoint: '/flat?x=1' })).data).toEqual({ bare: true })
    expect(await mock.get({ endpoint: '/a' })).toMatchObject({ data: 'by hash', status: 404 })
    expect((await mock.get({ endpoint: '/a', params: { x: '1' } })).data).toBe('by request')
    await expect(mock.get({ endpoint: '/a', params: { x: 2 } })).rejects.toMatchObject({
      code: 'replay-unknown-request',
    })
  })

  it('holds input, output, records, connection and metadata', async () => {
    const mock = mockWith({
      'mocks/subject/input.json': { i: 1 },
      'mocks/subject/output.json': [1],
      'mocks/subject/Item/batchSave.json': [{ id: 'a' }],
      'mocks/nango/getConnection.json': { connection_id: 'c' },
      'mocks/nango/getMetadata.json': { m: 1 },
    })
    expect(await mock.getInput()).toEqual({ i: 1 })
    expect(await mock.getOutput()).toEqual([1])
    expect(await mock.getBatchSaveData('Item')).toEqual([{ id: 'a' }])
    expect(await mock.getConnection()).toEqual({ connection_id: 'c' })
    expect(await mock.getMetadata()).toEqual({ m: 1 })
    await expect(mock.getBatchDeleteData('Item')).rejects.toMatchObject({ code: 'fixture-missing' })
    await expect(mock.getBatchSaveData()).rejects.toThrow('undefined/batchSave.json')
  })

  it('gives the list of a flat file as the only page', async () => {
    const mock = mockWith({
      'mocks/nango/get/proxy/a/subject.json': { items: [1], next: 'more' },
    })
    const options = {
      type: 'cursor',
      cursor_name_in_request: 'cursor',
      cursor_path_in_response: 'next',
      response_path: 'items',
    }
    expect(await pagesOf(mock, { endpoint: '/a', paginate: options })).toEqual([[1]])
  })
})

async function pagesOf(mock: NangoActionMock, request: Parameters<NangoActionMock['paginate']>[0]) {
  const pages: unknown[] = []
  for await (const page of mock.paginate(request)) pages.push(page)
  return pages
}

describe('paginate', () => {
  it('walks cursors, offsets and links as they were recorded', async () => {
    const mock = unified({
      get: {
        '/cursor': [
          { response: { p: { n: ' c ' }, d: { l: [1] } }, request: { params: { q: 'x' } } },
          { response: { d: { l: [2] } }, request: { params: { q: 'x', 'page.after': 'c' } } },
        ],
        '/offset': [
          { response: [1, 2], request: { params: { limit: '2', offset: '0' } } },
          { response: [3], request: { params: { limit: '2', offset: '2' } } },
        ],
        '/link': [
          {
            response: [1],
            headers: { link: '<https://api.example/link?page=2>; rel="next"' },
            request: { params: { q: 'x' } },
          },
          { response: [], request: { params: { page: '2' } } },
        ],
      },
      post: {
        '/body': [
          { response: { l: [1], n: 'c' }, request: { data: { q: 'x' } } },
          { response: { l: [2] }, request: { data: { q: 'x', page: { after: 'c' } } } },
        ],
      },
    })
    const cursor = { type: 'cursor', cursor_name_in_request: 'page.after' }
    const nested = { ...cursor, cursor_path_in_response: 'p.n', response_path: 'd.l' }
    const flat = { ...cursor, cursor_path_in_response: 'n', response_path: 'l' }
    const offset = {
      type: 'offset',
      offset_name_in_request: 'offset',
      limit_name_in_request: 'limit',
    }
    const link = { type: 'link', link_rel_in_response_header: 'next' }
    const q = { q: 'x' }
    expect(
      await Promise.all([
        pagesOf(mock, { endpoint: '/cursor', params: { ...q }, paginate: nested }),
        pagesOf(mock, { endpoint: '/body', method: 'POST', data: { ...q }, paginate: flat }),
        pagesOf(mock, { endpoint: '/offset', paginate: { ...offset, limit: 2 } }),
        pagesOf(mock, { endpoint: '/link', params: { ...q }, paginate: link }),
      ]),
    ).toEqual([
      [[1], [2]],
      [[1], [2]],
      [[1, 2], [3]],
      [[1], []],
    ])
  })

  it('reads what the call leaves out off the recordings', async () => {
    const mock = unified({
      get: {
        '/a': [
          { response: { results: [1], paging: { next: 'c' } }, request: { params: { per: '5' } } },
          { response: { results: [2] }, request: { params: { per: '5', after: 'c' } } },
        ],
        '/b': { response: { meta: {}, data: [3] }, request: {} },
      },
    })
    expect(await pagesOf(mock, { endpoint: '/a', paginate: { limit: 5 } })).toEqual([[1], [2]])
    expect(await pagesOf(mock, { endpoint: '/b' })).toEqual([[3]])
  })

  it('tells every page, and takes the provider pagination of a subclass', async () => {
    class WithDefaults extends NangoActionMock {
      protected override defaultPagination(key: string) {
        return key === 'shop'
          ? { type: 'link', link_rel_in_response_header: 'next', response_path: 'x' }
          : null
      }
    }
    const { dirname: folder } = unified({
      get: { '/a': { response: { x: [1], data: [2] }, request: {} } },
    })
    const mock = new WithDefaults({ dirname: folder, name: 'subject', Model: 'Item' })
    const told: unknown[] = []
    const paginate = { on_page: (page: { nextPageParam: unknown }) => told.push(page) }
    expect(await pagesOf(mock, { endpoint: '/a', paginate })).toEqual([[1]])
    expect(told).toMatchObject([
      { nextPageParam: undefined, response: { data: { x: [1], data: [2] }, status: 200 } },
    ])
  })
})

describe('the members of a mock', () => {
  it('are spies, which a test and a subclass may replace', async () => {
    class Own extends NangoSyncMock {
      constructor(options: ConstructorParameters<typeof NangoSyncMock>[0]) {
        super(options)
        this.getCheckpoint = vi.fn(async () => undefined)
      }
    }
    const { dirname: folder } = unified({})
    const mock = new Own({ dirname: folder, name: 'subject', Model: 'Item' })
    const save = vi.spyOn(mock, 'batchSave')
    await mock.batchSave([{ id: 'a' }], 'Item')
    expect(save.mock.calls).toEqual([[[{ id: 'a' }], 'Item']])
    expect(await mock.getCheckpoint()).toBeUndefined()
    expect(mock.log).not.toHaveBeenCalled()
  })

  it('keep what a run saves', async () => {
    const mock = unified({})
    await mock.batchSave([{ id: 'a', n: 1 }], 'Item')
    await mock.batchUpdate([{ id: 'a', m: 2 }], 'Item')
    expect(await mock.getRecordsByIds(['a', 'b'], 'Item')).toEqual(
      new Map([['a', { id: 'a', n: 1, m: 2 }]]),
    )
    expect(await mock.getCheckpoint()).toBeNull()
    await mock.saveCheckpoint({ at: 1 })
    expect(await mock.getCheckpoint()).toEqual({ at: 1 })
    expect([
      await mock.tryAcquireLock({ key: 'k' }),
      await mock.tryAcquireLock({ key: 'k' }),
      await mock.releaseLock({ key: 'k' }),
    ]).toEqual([true, false, true])
  })

  it('give recorded results, and say when a needed one is missing', async () => {
    const mock = unified({}, { output: null, nango: { trackDeletesEnd: { deletedKeys: ['a'] } } })
    expect(await mock.getOutput()).toBeNull()
    expect(await mock.getInput()).toBeUndefined()
    expect(await mock.trackDeletesEnd('Item')).toEqual({ deletedKeys: ['a'] })
    expect(await mock.getBatchSaveData('Item')).toBeUndefined()
    expect(mock.zodValidateInput({ input: 1 })).toEqual({ data: 1 })
    await expect(mock.getMetadata()).rejects.toMatchObject({ code: 'fixture-missing' })
    const error = new mock.ActionError({ type: 'gone', message: 'It is gone' })
    expect(error).toMatchObject({
      type: 'action_script_runtime_error',
      payload: { type: 'gone', message: 'It is gone' },
      message: '',
    })
  })

  it('fetches from recordings', async () => {
    const mock = unified({ get: { '/file': { response: { a: 1 }, status: 201, request: {} } } })
    const response = await mock.uncontrolledFetch({ url: new URL('https://files.example/file') })
    expect([response.status, await response.json()]).toEqual([201, { a: 1 }])
  })

  it('makes no token up, and stands back behind a member that a function gives the class', async () => {
    class Patched extends NangoActionMock {}
    const options = { dirname: '/nowhere/tests', name: 'x', Model: 'X' }
    await expect(new Patched(options).getToken()).rejects.toMatchObject({ code: 'fixture-missing' })
    Object.assign(Patched.prototype, { getToken: async () => 'patched' })
    await expect(new Patched(options).getToken()).resolves.toBe('patched')
  })
})
