import { expect, test } from 'vitest'
import type { ApiDescription, Operation } from '@plumb/protocol'
import { createOperationMatcher } from './operation-matcher.js'

function operation(method: Operation['method'], path: string): Operation {
  return {
    id: `${method} ${path}`,
    method,
    path,
    summary: '',
    description: '',
    tags: [],
    deprecated: false,
    scopes: [],
    parameters: [],
    requestBody: null,
    responses: [],
    pagination: null,
    incrementalParameter: null,
    docs: null,
  }
}

const description = (baseUrl: string | null): ApiDescription => ({
  title: 'x',
  version: '1',
  baseUrl,
  schemas: {},
  operations: [
    operation('GET', '/calendars/{calendarId}/events'),
    operation('GET', '/calendars/{calendarId}'),
    operation('GET', '/users/me/calendarList'),
    operation('GET', '/users/{user}/calendarList'),
    operation('POST', '/values/{range}:append'),
    operation('GET', '/files/{+path}/content'),
  ],
})

const base = 'https://api.example.com'
const cases = [
  { url: `${base}/v3/calendars/a%2Fb%40c/events?x=1`, id: 'GET /calendars/{calendarId}/events' },
  { url: `${base}/v3/calendars/primary`, id: 'GET /calendars/{calendarId}' },
  { url: `${base}/v3/calendars/primary/`, id: 'GET /calendars/{calendarId}' },
  { url: `${base}/v3/users/me/calendarList`, id: 'GET /users/me/calendarList' },
  { url: `${base}/v3/users/7/calendarList`, id: 'GET /users/{user}/calendarList' },
  { url: `${base}/v3/files/a/b/c/content`, id: 'GET /files/{+path}/content' },
  { url: `${base}/v3/calendars/a/b/c`, id: null },
  { url: `${base}/v2/calendars/primary`, id: null },
  { url: `${base}/evil/v3/calendars/primary`, id: null },
]

test.each(cases)('$url is $id', ({ url, id }) => {
  const matcher = createOperationMatcher(description(`${base}/v3`), [base])
  expect(matcher.match('get', url)?.id ?? null).toBe(id)
})

test('another method is another operation', () => {
  const matcher = createOperationMatcher(description(`${base}/v3`), [base])
  expect(matcher.match('DELETE', `${base}/v3/calendars/primary`)).toBeNull()
  expect(matcher.match('POST', `${base}/v3/values/A1:B2:append`)?.id).toBe(
    'POST /values/{range}:append',
  )
})

test('the base URL of a test account stands for that of the provider', () => {
  const local = 'http://127.0.0.1:4001/emulated/google'
  const matcher = createOperationMatcher(description('https://www.googleapis.com/calendar/v3'), [
    local,
    'https://www.googleapis.com',
  ])
  expect(matcher.match('GET', `${local}/calendar/v3/calendars/primary`)?.id).toBe(
    'GET /calendars/{calendarId}',
  )
})

test('a base URL that already holds the path of the description needs no prefix', () => {
  const matcher = createOperationMatcher(description('https://x.example/calendar/v3'), [
    'http://127.0.0.1:1/calendar/v3',
  ])
  expect(matcher.match('GET', 'http://127.0.0.1:1/calendar/v3/calendars/a')?.id).toBe(
    'GET /calendars/{calendarId}',
  )
})
