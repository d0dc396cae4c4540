import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { paginationDefaultsFile } from '@plumb/providers'
import type { NangoActionMock } from '@plumb/sdk/testing'
import { afterAll, expect, it } from 'vitest'
import { catalogMocks } from './catalog-mocks.js'
import type { PaginationDefaults } from './catalog-mocks.js'
import { compatCatalog } from './compat-catalog.js'

const root = mkdtempSync(join(tmpdir(), 'plumb-catalog-mocks-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const catalog = JSON.parse(readFileSync(paginationDefaultsFile, 'utf8')) as PaginationDefaults
const withCatalog = catalogMocks(compatCatalog(catalog).paginationOf)
const without = catalogMocks(() => null)

type Recorded = {
  readonly response: unknown
  readonly headers?: object
  readonly request: { readonly params: object }
}

let count = 0
/** The pages of a list in an integration folder, by ids; what went wrong when they are not found. */
async function pagesOf(
  { NangoSyncMock: Mock }: typeof withCatalog,
  integration: string,
  { recorded, paginate = {}, params }: Walk,
): Promise<unknown> {
  const dirname = join(root, `${(count += 1)}`, integration, 'tests')
  mkdirSync(dirname, { recursive: true })
  writeFileSync(
    join(dirname, 'list.test.json'),
    JSON.stringify({ api: { get: { '/a': recorded } } }),
  )
  const mock: NangoActionMock = new Mock({ dirname, name: 'list', Model: 'Item' })
  const pages: unknown[] = []
  try {
    for await (const page of mock.paginate({ endpoint: '/a', paginate, params })) pages.push(page)
    return pages
  } catch (error) {
    return String(error)
  }
}

type Walk = {
  readonly recorded: readonly Recorded[]
  readonly paginate?: object
  readonly params?: object
}

it('follows links that stand in the answer, which nothing but the catalog tells', async () => {
  const recorded = [
    {
      response: { value: [1], '@odata.nextLink': 'https://graph.example/a?page=2' },
      request: { params: {} },
    },
    { response: { value: [2] }, request: { params: { page: '2' } } },
  ]
  expect(await pagesOf(withCatalog, 'outlook', { recorded })).toEqual([[1], [2]])
  expect(await pagesOf(without, 'outlook', { recorded })).toEqual([[1]])
  expect(await pagesOf(withCatalog, 'my-own-api', { recorded })).toEqual([[1]])
})

it('names the limit of a call by the catalog', async () => {
  const headers = { link: '<https://api.github.com/a?per_page=2&page=2>; rel="next"' }
  const recorded = [
    { response: [1], headers, request: { params: { per_page: '2' } } },
    { response: [2], request: { params: { per_page: '2', page: '2' } } },
  ]
  const walk = { recorded, paginate: { limit: 2 } }
  expect(await pagesOf(withCatalog, 'github-app', walk)).toEqual([[1], [2]])
})

it('lets what a call tells win over the catalog', async () => {
  const recorded = [
    { response: { results: [0], items: [1], next: 'b' }, request: { params: {} } },
    { response: { results: [0], items: [2] }, request: { params: { token: 'b' } } },
  ]
  const paginate = {
    type: 'cursor',
    cursor_name_in_request: 'token',
    cursor_path_in_response: 'next',
    response_path: 'items',
  }
  expect(await pagesOf(withCatalog, 'hubspot', { recorded, paginate })).toEqual([[1], [2]])
})

const nextLink = (query: string) => ({ link: `<https://api.example/a?${query}>; rel="next"` })
const page = (params: object, items: unknown[], more: object = {}) => ({
  response: { data: items, ...more },
  request: { params },
})

/** One provider of each pagination that the catalog holds. */
const kinds = [
  ...new Map(Object.entries(catalog).map(([key, options]) => [JSON.stringify(options), key])),
].map(([, key]) => key)

/** Recordings of ways that no entry has as a whole, or of parameters that a default would not have sent. */
const strange: Record<string, Walk> = {
  'a cursor of its own': {
    recorded: [page({}, [1], { token: 'b' }), page({ token: 'b' }, [2])],
  },
  'an offset of its own': {
    recorded: [page({ start: '0' }, [1, 2]), page({ start: '2' }, [3]), page({ start: '3' }, [])],
  },
  'a single page of an offset': { recorded: [page({ start: '0' }, [1])], paginate: { limit: 2 } },
  'page numbers': {
    recorded: [page({ page: '1' }, [1, 2]), page({ page: '2' }, [3]), page({ page: '3' }, [])],
  },
  'links in headers': {
    recorded: [{ ...page({}, [1]), headers: nextLink('pp=2') }, page({ pp: '2' }, [2])],
  },
  'a limit among the parameters': {
    recorded: [page({ limit: '7', per_page: '7', page_size: '7' }, [1])],
    params: { limit: 7, per_page: 7, page_size: 7 },
  },
  'a page without anything': { recorded: [page({}, [1])] },
  'a next page that was not recorded': {
    recorded: [page({}, [1], { next: 'x', next_cursor: 'x', links: { next: '/b' } })],
  },
}

it.each(Object.keys(strange))('a default makes no walk worse: %s', async (name) => {
  const walk = strange[name] ?? { recorded: [] }
  const expected = await pagesOf(without, 'unknown', walk)
  expect(expected).toBeInstanceOf(Array)
  const found = await Promise.all(
    kinds.map(async (key) => [key, await pagesOf(withCatalog, key, walk)]),
  )
  expect(found.filter(([, pages]) => JSON.stringify(pages) !== JSON.stringify(expected))).toEqual(
    [],
  )
})

it('gives folders the pagination of the provider whose name a setup file lends them', async () => {
  const { paginationOf, module } = compatCatalog(catalog)
  const { getProviders, updateProviderCache } = module as {
    getProviders: () => Record<string, object>
    updateProviderCache: (providers: object) => void
  }
  const providers = getProviders()
  updateProviderCache({ ...providers, 'our-outlook': { ...providers['outlook'] } })
  expect(paginationOf('our-outlook')).toEqual(paginationOf('outlook'))
  expect(paginationOf('outlook')).not.toBeNull()
  expect(paginationOf('nobody')).toBeNull()
})

it('lets mocks of syncs have what a setup file gives those of actions', async () => {
  const { NangoActionMock: ActionMock, NangoSyncMock: SyncMock } = catalogMocks(() => null)
  const options = { dirname: join(root, 'patched', 'acme', 'tests'), name: 'list', Model: 'Item' }
  Object.assign(ActionMock.prototype, { getToken: () => 'patched', helped: () => 'more' })
  const mock = new SyncMock(options) as unknown as NangoActionMock & { helped(): string }
  expect(mock).toBeInstanceOf(ActionMock)
  expect(mock.helped()).toBe('more')
  expect(mock.getToken()).toBe('patched')
  expect(Object.keys(new ActionMock(options))).not.toContain('batchSave')
})
