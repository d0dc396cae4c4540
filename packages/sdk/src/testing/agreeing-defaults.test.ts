import { describe, expect, it } from 'vitest'
import { agreeingDefaults } from './agreeing-defaults.js'
import type { CompatPagination } from './compat-pages.js'

const cursor = {
  type: 'cursor',
  cursor_name_in_request: 'after',
  cursor_path_in_response: 'next',
  response_path: 'results',
  limit: 100,
  limit_name_in_request: 'limit',
}
const offset = { type: 'offset', offset_name_in_request: 'page', offset_start_value: 1 }
const link = { type: 'link', link_path_in_response_body: 'links.next' }

type Page = { readonly asked?: Record<string, string>; readonly data: unknown }

function agreed(
  defaults: CompatPagination,
  pages: readonly Page[],
  told: CompatPagination & { readonly params?: unknown } = {},
) {
  const { params, ...own } = told
  const recordings = pages.map(({ asked = {}, data }) => ({
    params: Object.entries(asked),
    data: undefined,
    answer: { data, status: 200, headers: {} },
  }))
  const request = { endpoint: '/a', params }
  return agreeingDefaults(defaults, own, { request, method: 'get', recordings })
}

describe('the way from page to page', () => {
  it('is the default where the recordings go that way', () => {
    const pages = [{ data: { results: [1], next: 'b' } }, { asked: { after: 'b' }, data: {} }]
    expect(agreed(cursor, pages)).toMatchObject({ type: 'cursor', cursor_name_in_request: 'after' })
  })

  it('is the default for a single page, whatever it holds', () => {
    expect(agreed(cursor, [{ data: [] }])).toMatchObject({ type: 'cursor' })
    expect(agreed(link, [{ data: [] }])).toEqual(link)
  })

  it.each([
    ['a cursor that no page was asked with', cursor],
    ['an offset that no page was asked with', offset],
    ['a link that no page holds', link],
    ['a link that no header holds', { type: 'link', link_rel_in_response_header: 'next' }],
  ])('is not %s', (_, defaults) => {
    const pages = [{ data: { results: [1], token: 'b' } }, { asked: { token: 'b' }, data: {} }]
    expect(agreed(defaults, pages)).not.toHaveProperty('type')
  })

  it('is no offset that the only page was not asked with', () => {
    expect(agreed(offset, [{ data: [] }])).toEqual({})
    expect(agreed(offset, [{ asked: { page: '1' }, data: [] }])).toEqual(offset)
  })

  it('is none that could not have asked for the first page', () => {
    const asked = { start: '0' }
    expect(agreed(cursor, [{ asked, data: [] }])).not.toHaveProperty('type')
    expect(agreed(link, [{ asked, data: [] }])).not.toHaveProperty('type')
    expect(agreed(cursor, [{ asked, data: [] }], { params: asked })).toHaveProperty('type')
    expect(agreed(cursor, [{ asked: { limit: '9' }, data: [] }])).toHaveProperty('type')
  })

  it('is judged with the names that the call tells', () => {
    const pages = [{ data: { next: 'b' } }, { asked: { start: 'b' }, data: {} }]
    expect(agreed(cursor, pages, { cursor_name_in_request: 'start' })).toMatchObject({
      type: 'cursor',
    })
  })
})

describe('the limit', () => {
  const page = (limit?: string) => ({ ...(limit && { asked: { limit } }), data: { results: [] } })

  it('is what the recordings were asked with', () => {
    expect(agreed(cursor, [page('50')])).toMatchObject({
      limit: '50',
      limit_name_in_request: 'limit',
    })
  })

  it('is left out when no recording has one, or the call sets it among its parameters', () => {
    expect(agreed(cursor, [page()])).not.toHaveProperty('limit')
    expect(agreed(cursor, [page('50')], { params: { limit: 50 } })).not.toHaveProperty('limit')
    expect(agreed(cursor, [page('50'), page('20')])).not.toHaveProperty('limit')
  })

  it('keeps its name for a limit of the call that was recorded with it', () => {
    expect(agreed(cursor, [page('20')], { limit: 20 }).limit_name_in_request).toBe('limit')
    expect(agreed(cursor, [page()], { limit: 20 })).not.toHaveProperty('limit_name_in_request')
  })
})

it('keeps the path of the list only where a list stands', () => {
  expect(agreed(cursor, [{ data: { results: [] } }]).response_path).toBe('results')
  expect(agreed(cursor, [{ data: { items: [] } }])).not.toHaveProperty('response_path')
})
