import type { Operation, Pagination } from '@plumb/protocol'
import { describe, expect, test } from 'vitest'
import { lastIdPaging } from './last-id-paging.js'
import { parseApiDescription } from './load-api-description.js'

type Given = {
  path?: string
  method?: string
  query?: object
  body?: object
  answer: object
  headers?: object
  provider?: Pagination
}

function describeList(given: Given): ReturnType<typeof parseApiDescription> {
  const parameters = Object.entries(given.query ?? {}).map(([name, schema]) => {
    const { description, ...rest } = schema as { description?: string }
    return { name, in: 'query', description, schema: rest }
  })
  const content = (schema: object): object => ({ 'application/json': { schema } })
  const operation = {
    parameters,
    ...(given.body === undefined
      ? {}
      : { requestBody: { content: content({ type: 'object', properties: given.body }) } }),
    responses: {
      '200': { description: '', headers: given.headers ?? {}, content: content(given.answer) },
    },
  }
  const document = {
    openapi: '3.0.0',
    paths: { [given.path ?? '/items']: { [given.method ?? 'get']: operation } },
  }
  return parseApiDescription(
    'a.json',
    JSON.stringify(document),
    given.provider === undefined ? {} : { pagination: given.provider },
  )
}

const infer = (given: Given): Operation => describeList(given).operations[0] as Operation

const string = { type: 'string' }
const integer = { type: 'integer' }
const list = { type: 'array', items: { type: 'object', properties: { id: string } } }
const object = (properties: object): object => ({ type: 'object', properties })

describe('pagination', () => {
  test.each<[string, Given, Partial<Record<string, unknown>> | null]>([
    [
      'page token',
      {
        query: { pageToken: string, maxResults: { ...integer, maximum: 50 } },
        answer: object({ items: list, nextPageToken: string }),
      },
      {
        type: 'cursor',
        cursor_name_in_request: 'pageToken',
        cursor_path_in_response: 'nextPageToken',
        response_path: 'items',
        limit_name_in_request: 'maxResults',
        limit: 50,
      },
    ],
    [
      'nested cursor',
      {
        query: { cursor: string, limit: integer },
        answer: object({ members: list, response_metadata: object({ next_cursor: string }) }),
      },
      {
        type: 'cursor',
        cursor_path_in_response: 'response_metadata.next_cursor',
        response_path: 'members',
      },
    ],
    [
      'after',
      {
        query: { after: string, limit: { ...integer, description: 'At most. Maximum is 100.' } },
        answer: object({
          results: list,
          paging: object({ next: object({ after: string, link: string }) }),
        }),
      },
      {
        type: 'cursor',
        cursor_name_in_request: 'after',
        cursor_path_in_response: 'paging.next.after',
        limit: 100,
      },
    ],
    [
      'offset',
      {
        query: { offset: integer, limit: integer },
        answer: object({ data: list, total: integer }),
      },
      {
        type: 'offset',
        offset_name_in_request: 'offset',
        offset_start_value: 0,
        offset_calculation_method: 'by-response-size',
        response_path: 'data',
      },
    ],
    [
      'page number',
      {
        query: { page: { ...integer, default: 1 }, per_page: { ...integer, maximum: 500 } },
        answer: list,
      },
      { type: 'offset', offset_start_value: 1, offset_calculation_method: 'per-page', limit: 100 },
    ],
    [
      'page number from zero',
      { query: { page: { ...integer, default: 0 } }, answer: list },
      { offset_start_value: 0 },
    ],
    [
      'Link header',
      { query: { page: integer, per_page: integer }, answer: list, headers: { Link: {} } },
      { type: 'link', link_rel_in_response_header: 'next' },
    ],
    [
      'next URL in the body',
      {
        answer: object({ results: list, next: { type: 'string', format: 'uri', nullable: true } }),
      },
      { type: 'link', link_path_in_response_body: 'next', response_path: 'results' },
    ],
    [
      'cursor in the body of a search',
      {
        method: 'post',
        path: '/search',
        body: { cursor: string, limit: integer },
        answer: object({ results: list, next_cursor: string }),
      },
      { type: 'cursor', in_body: true },
    ],
    [
      'provider default',
      {
        query: { cur: string },
        answer: list,
        provider: { type: 'cursor', cursor_name_in_request: 'cur', cursor_path_in_response: 'x.y' },
      },
      { type: 'cursor', cursor_path_in_response: 'x.y' },
    ],
    [
      'a provider default that does not fit',
      {
        answer: list,
        provider: { type: 'cursor', cursor_name_in_request: 'cur', cursor_path_in_response: 'x.y' },
      },
      null,
    ],
    ['a cursor without an answer to it', { query: { cursor: string }, answer: list }, null],
    ['no list', { query: { page: integer }, answer: object({ id: string }) }, null],
    [
      'a write',
      {
        method: 'post',
        body: { cursor: string },
        answer: object({ results: list, next_cursor: string }),
      },
      null,
    ],
  ])('%s', (_name, given, expected) => {
    const { pagination } = infer(given)
    if (expected === null) expect(pagination).toBeNull()
    else expect(pagination).toMatchObject(expected)
  })

  test('the last id with has_more', () => {
    const description = describeList({
      query: { starting_after: string },
      answer: object({ data: list, has_more: { type: 'boolean' } }),
    })
    const [operation] = description.operations
    expect(operation?.pagination).toBeNull()
    expect(lastIdPaging(description, operation as Operation)).toEqual({
      parameter: 'starting_after',
      isNumber: false,
      moreField: 'has_more',
      listPath: ['data'],
    })
  })
})

describe('the list of an answer', () => {
  test.each([
    [
      'the one named like the resource',
      '/contacts',
      object({ tags: list, contacts: list, items: list }),
      'contacts',
    ],
    ['one level down', '/things', object({ data: object({ items: list }) }), 'data.items'],
    ['the only list of objects', '/things', object({ count: integer, stuff: list }), 'stuff'],
  ])('%s', (...[, path, answer, expected]) => {
    const { pagination } = infer({ path, query: { page: integer }, answer })
    expect(pagination?.response_path).toBe(expected)
  })
})

describe('the incremental parameter', () => {
  test.each([
    ['since', {}, 'since'],
    ['updatedMin', {}, 'updatedMin'],
    ['updated_after', {}, 'updated_after'],
    ['modified_since', {}, 'modified_since'],
    ['updated_at[gte]', {}, 'updated_at[gte]'],
    ['oldest', {}, 'oldest'],
    ['created_after', {}, null],
    [
      'since',
      { description: 'A user ID. Only return users with an ID greater than this ID.' },
      null,
    ],
  ])('%s %o', (name, schema, expected) => {
    expect(
      infer({ query: { [name]: { ...string, ...schema } }, answer: list }).incrementalParameter,
    ).toBe(expected)
  })
})
