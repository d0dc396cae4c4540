import { expect, test } from 'vitest'
import type { ApiDescription, Operation } from '@plumb/protocol'
import * as sample from '../verification/testing/sample-attempt.js'
import { createdBy, deletingCall, readingCalls } from './resource-operations.js'

type Shape = { query?: string[]; body?: string[]; contentType?: string }

function operation(method: Operation['method'], path: string, shape: Shape = {}): Operation {
  const { query = [], body, contentType = 'application/json' } = shape
  const described = { schema: { type: 'string' }, style: null, explode: null, description: '' }
  return {
    ...{ id: `${method} ${path}`, method, path, summary: '', description: '', tags: [] },
    ...{ deprecated: false, scopes: [], responses: [], pagination: null, docs: null },
    incrementalParameter: null,
    parameters: query.map((name) => ({ name, in: 'query', required: false, ...described })),
    requestBody:
      body === undefined
        ? null
        : {
            ...{ contentType, required: true },
            schema: {
              type: 'object',
              properties: Object.fromEntries(body.map((name) => [name, { type: 'string' }])),
            },
          },
  }
}

function placeOf(...operations: Operation[]) {
  const description: ApiDescription = { ...sample.description, operations }
  return { description, baseUrl: sample.baseUrl, providerBaseUrl: sample.baseUrl }
}

function write(method: string, path: string, o: { sent?: unknown; answer: unknown }) {
  const draft = sample.draftReceipt('r-1', {
    ...{ method, path, status: method === 'POST' ? 201 : 200, body: o.answer },
    requestBody: o.sent ?? {},
  })
  const [receipt] = sample.signReceipts([draft]).receipts
  if (receipt === undefined) throw new Error('no receipt')
  return receipt
}

const idsOf = (calls: readonly { operation: Operation; of: string }[]): string[] =>
  calls.map(({ operation: { id }, of }) => `${id} (${of})`)

test('what was created is read at its own address first, then in the list it is in', () => {
  const place = placeOf(
    operation('GET', '/issues'),
    operation('GET', '/issues/{id}'),
    operation('DELETE', '/issues/{id}'),
  )
  const made = write('POST', '/issues', { answer: { id: '9' } })
  expect(idsOf(readingCalls(made, place))).toEqual([
    'GET /issues/{id} (thing)',
    'GET /issues (about)',
  ])
  const url = createdBy(made)?.url ?? ''
  expect(url).toBe(`${sample.baseUrl}/issues/9`)
  expect(deletingCall(made, url, place)).toMatchObject({ url, body: null })
})

test('a change is read where it was made, and an action on a thing at the thing', () => {
  const place = placeOf(operation('GET', '/issues/{id}'))
  const changed = write('PATCH', '/issues/9?notify=1', { answer: { id: '9' } })
  expect(readingCalls(changed, place).map(({ url }) => url)).toEqual([`${sample.baseUrl}/issues/9`])
  const closed = write('POST', '/issues/9/close', { answer: { ok: true } })
  expect(idsOf(readingCalls(closed, place))).toEqual(['GET /issues/{id} (about)'])
})

test('methods are filled by the names of what was sent and answered, and content is no name', () => {
  const place = placeOf(
    operation('GET', '/rooms.info', { query: ['room', 'cursor'] }),
    operation('GET', '/rooms.replies', { query: ['room', 'ts'] }),
    operation('GET', '/people.info', { query: ['person'] }),
    operation('POST', '/chat.delete', {
      body: ['room', 'ts', 'text'],
      contentType: 'application/x-www-form-urlencoded',
    }),
  )
  const sent = { room: 'R1', text: 'hello' }
  const said = write('POST', '/chat.post', { sent, answer: { ok: true, ts: '17.5' } })
  expect(readingCalls(said, place).map(({ url }) => url.replace(sample.baseUrl, ''))).toEqual([
    '/rooms.replies?room=R1&ts=17.5',
    '/rooms.info?room=R1',
  ])
  expect(deletingCall(said, `${sample.baseUrl}/chat.post/1`, place)).toMatchObject({
    url: `${sample.baseUrl}/chat.delete`,
    body: { text: 'room=R1&ts=17.5' },
  })
  const room = write('POST', '/rooms.create', { answer: { ok: true, room: { id: 'R2' } } })
  expect(readingCalls(room, place)[0]?.url).toBe(`${sample.baseUrl}/rooms.info?room=R2`)
  expect(deletingCall(room, `${sample.baseUrl}/rooms.create/R2`, place)).toBeNull()
})
