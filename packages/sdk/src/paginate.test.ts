import type { Pagination } from '@plumb/protocol'
import { describe, expect, it } from 'vitest'
import { paginate } from './paginate.js'
import type { HttpResponse, ProxyConfiguration } from './proxy-configuration.js'
import { queryPairs } from './request-query.js'

type Answer = { data: unknown; headers?: Record<string, string> }

/** Walks with scripted answers; gives the pages, and each request as `endpoint?query body`. */
async function walk(
  config: ProxyConfiguration,
  answers: Answer[],
  defaults: Pagination | null = null,
): Promise<{ pages: unknown[][]; asked: string[] }> {
  const asked: string[] = []
  const pages: unknown[][] = []
  const send = async (page: ProxyConfiguration): Promise<HttpResponse> => {
    const query = new URLSearchParams(queryPairs(page.params)).toString()
    const body = page.data === undefined ? '' : ` ${JSON.stringify(page.data)}`
    asked.push(`${page.endpoint}${query && '?'}${query}${body}`)
    const { data, headers = {} } = answers[asked.length - 1] ?? { data: 'beyond the script' }
    return { status: 200, headers, data }
  }
  for await (const page of paginate(config, defaults, send)) pages.push(page)
  return { pages, asked }
}

const cursor = {
  type: 'cursor',
  cursor_name_in_request: 'after',
  cursor_path_in_response: 'meta.next',
  response_path: 'items',
} as const
const page = (items: unknown[], next?: unknown): Answer => ({ data: { items, meta: { next } } })

describe('cursor', () => {
  it('walks to the page without a cursor', async () => {
    const config = {
      endpoint: '/x',
      params: { q: 'a' },
      paginate: { ...cursor, limit: 2, limit_name_in_request: 'size' },
    }
    const { pages, asked } = await walk(config, [page([1, 2], 'c1'), page([3], '')])
    expect(pages).toEqual([[1, 2], [3]])
    expect(asked).toEqual(['/x?q=a&size=2', '/x?q=a&size=2&after=c1'])
  })

  it('goes on after an empty page whose cursor is live', async () => {
    const config = { endpoint: '/x', paginate: cursor }
    const { pages } = await walk(config, [page([1], 'a'), page([], 'b'), page([2], null)])
    expect(pages).toEqual([[1], [2]])
  })

  it('stops with an error when an HTML page comes instead of the list', async () => {
    const signIn = [{ data: '<!doctype html><title>Sign in</title>' }]
    await expect(walk({ endpoint: '/x', paginate: cursor }, signIn)).rejects.toThrow(
      /GET \/x has no list at "items"/,
    )
    expect((await walk({ endpoint: '/x', paginate: cursor }, [{ data: '' }])).pages).toEqual([])
  })

  it('stops with an error when a cursor comes back', async () => {
    const answers = [page([1], 'a'), page([2], 'b'), page([3], 'a')]
    await expect(walk({ endpoint: '/x', paginate: cursor }, answers)).rejects.toThrow(
      /GET \/x answers the same page again.*"a"/,
    )
  })

  it('puts the cursor into the body of a POST, at a dotted name', async () => {
    const config = {
      method: 'POST',
      endpoint: '/x',
      data: { filter: { a: 1 }, page: { size: 5 } },
      paginate: { ...cursor, cursor_name_in_request: 'page.after' },
    } as const
    const before = structuredClone(config)
    const { asked } = await walk(config, [page([1], 7), page([2])])
    expect(asked[1]).toBe('/x {"filter":{"a":1},"page":{"size":5,"after":7}}')
    expect(config).toEqual(before)
  })

  it('leaves the params of the caller alone', async () => {
    const params = { q: 'a' }
    await walk({ endpoint: '/x', params, paginate: cursor }, [page([1], 'c'), page([2])])
    expect(params).toEqual({ q: 'a' })
  })

  it('refuses a cursor that is no text or number', async () => {
    const answers = [page([1], { token: 1 })]
    await expect(walk({ endpoint: '/x', paginate: cursor }, answers)).rejects.toThrow(
      /\{"token":1\}/,
    )
  })

  it('tells on_page what comes next', async () => {
    const told: unknown[] = []
    const on_page = ({ nextPageParam }: { nextPageParam: unknown }) => void told.push(nextPageParam)
    await walk({ endpoint: '/x', paginate: { ...cursor, on_page } }, [page([1], 'c'), page([])])
    expect(told).toEqual(['c', undefined])
  })
})

describe('the list in the answer', () => {
  it('may be left out when there is nothing', async () => {
    const { pages } = await walk({ endpoint: '/x', paginate: cursor }, [{ data: { total: 0 } }])
    expect(pages).toEqual([])
  })

  it('is not guessed when the path is wrong', async () => {
    const answers = [{ data: { channels: [{ id: 1 }], ok: true } }]
    await expect(walk({ endpoint: '/x', paginate: cursor }, answers)).rejects.toThrow(
      /no list at "items"; it has: channels, ok/,
    )
  })

  it('must be the answer itself without a path', async () => {
    const bare = { ...cursor, response_path: '' }
    await expect(walk({ endpoint: '/x', paginate: bare }, [page([1])])).rejects.toThrow(
      /the answer itself/,
    )
  })
})

describe('link', () => {
  const link = { type: 'link', link_rel_in_response_header: 'next' } as const
  it('follows the header, whole, without repeating the query', async () => {
    const next = { link: '<https://api.example/x?page=2&q=a>; rel="next"' }
    const config = {
      endpoint: '/x',
      params: { q: 'a' },
      paginate: { ...link, limit: 2, limit_name_in_request: 'n' },
    }
    const { pages, asked } = await walk(config, [{ data: [1], headers: next }, { data: [2] }])
    expect(pages).toEqual([[1], [2]])
    expect(asked).toEqual(['/x?q=a&n=2', 'https://api.example/x?page=2&q=a'])
  })

  it('follows a path in the body, and a bare query', async () => {
    const config = {
      endpoint: '/x?page=1',
      paginate: { type: 'link', link_path_in_response_body: 'next', response_path: 'items' },
    } as const
    const { asked } = await walk(config, [
      { data: { items: [1], next: '?page=2' } },
      { data: { items: [2], next: '/x?page=3' } },
      { data: { items: [3], next: null } },
    ])
    expect(asked).toEqual(['/x?page=1', '/x?page=2', '/x?page=3'])
  })

  it('stops with an error when a link leads back', async () => {
    const headers = { link: '</x?page=2>; rel="next"' }
    const answers = [
      { data: [1], headers },
      { data: [2], headers },
    ]
    await expect(walk({ endpoint: '/x', paginate: link }, answers)).rejects.toThrow(/same page/)
  })
})

describe('offset', () => {
  const offset = {
    type: 'offset',
    offset_name_in_request: 'skip',
    limit: 2,
    limit_name_in_request: 'n',
  } as const
  it('counts records, up to a short page', async () => {
    const { asked } = await walk({ endpoint: '/x', paginate: offset }, [
      { data: [1, 2] },
      { data: [3] },
    ])
    expect(asked).toEqual(['/x?n=2&skip=0', '/x?n=2&skip=2'])
  })

  it('counts pages from where it is told', async () => {
    const paged = {
      ...offset,
      offset_start_value: 1,
      offset_calculation_method: 'per-page',
    } as const
    const { asked } = await walk({ endpoint: '/x', paginate: paged }, [
      { data: [1, 2] },
      { data: [] },
    ])
    expect(asked).toEqual(['/x?n=2&skip=1', '/x?n=2&skip=2'])
  })

  it('stops with an error when the provider ignores the offset', async () => {
    const answers = [{ data: [1, 2] }, { data: [1, 2] }, { data: [1, 2] }]
    await expect(walk({ endpoint: '/x', paginate: offset }, answers)).rejects.toThrow(/same page/)
  })
})

describe('options', () => {
  const defaults: Pagination = { ...cursor }
  it('are merged over the defaults of the provider', async () => {
    const config = { endpoint: '/x', paginate: { response_path: 'rows' } }
    const answers = [{ data: { rows: [1], meta: { next: 'c' } } }, { data: { rows: [] } }]
    expect((await walk(config, answers, defaults)).asked).toEqual(['/x', '/x?after=c'])
  })

  it('are refused when they say too little', async () => {
    await expect(walk({ endpoint: '/x' }, [])).rejects.toThrow(/no default/)
    const half = { endpoint: '/x', paginate: { type: 'cursor' } } as unknown as ProxyConfiguration
    await expect(walk(half, [])).rejects.toThrow(/cursor_name_in_request/)
  })
})
