import { expect, test } from 'vitest'
import { parseApiDescription } from './load-api-description.js'
import { reduceDescription } from './reduce-description.js'
import { searchOperations } from './search-operations.js'
import { showOperation } from './show-operation.js'
import { stem, wordsOf } from './words.js'

const paths = {
  '/calendars': {
    post: { operationId: 'calendars.insert', summary: 'Creates a secondary calendar' },
  },
  '/calendars/{id}': {
    get: { operationId: 'calendars.get' },
    delete: { operationId: 'calendars.delete' },
  },
  '/users/me/calendarList': {
    get: {
      operationId: 'calendarList.list',
      summary: 'Returns the calendars on the list of the user',
    },
  },
  '/calendars/{id}/events': {
    get: { operationId: 'events.list', summary: 'Returns events on the specified calendar' },
    post: { operationId: 'events.insert', summary: 'Creates an event' },
  },
  '/calendars/{id}/events/{eventId}': {
    get: { operationId: 'events.get' },
    patch: { operationId: 'events.patch' },
    delete: { operationId: 'events.delete' },
  },
  '/repos': { get: { operationId: 'repos/list' } },
  '/chat.postMessage': {
    post: { operationId: 'chat_postMessage', description: 'Sends a message to a channel.' },
  },
  '/conversations.list': {
    get: { operationId: 'conversations_list', description: 'Lists all channels in a team.' },
  },
  '/chat.delete': { post: { operationId: 'chat_delete', summary: 'Deletes a message.' } },
  '/chat.deleteScheduledMessage': {
    post: {
      operationId: 'chat_deleteScheduledMessage',
      summary: 'Deletes a pending scheduled message from the queue.',
    },
  },
  '/admin.conversations.archive': {
    post: { operationId: 'admin_conversations_archive', description: 'Archive a channel.' },
  },
  '/conversations.archive': {
    post: { operationId: 'conversations_archive', description: 'Archives a conversation.' },
  },
}
for (const item of Object.values(paths)) {
  for (const operation of Object.values(item)) Object.assign(operation, { responses: {} })
}
const description = parseApiDescription(
  'a',
  JSON.stringify({ openapi: '3.0.0', info: { title: 'Cal' }, paths }),
)

test.each([
  ['create a calendar event', 'events.insert'],
  ['delete a message', 'chat_delete'],
  ['delete a scheduled message', 'chat_deleteScheduledMessage'],
  ['add a new event to a calendar', 'events.insert'],
  ['create a calendar', 'calendars.insert'],
  ['remove an event', 'events.delete'],
  ['edit events', 'events.patch'],
  ['fetch an event', 'events.get'],
  ['sync events', 'events.list'],
  ['list my calendars', 'calendarList.list'],
  ['get a calendar', 'calendars.get'],
  ['list repositories', 'repos/list'],
  ['send a message', 'chat_postMessage'],
  ['list channels', 'conversations_list'],
  ['archive a channel', 'conversations_archive'],
])('"%s" finds %s first', (words, id) => {
  expect(searchOperations(description, words)[0]?.id).toBe(id)
})

test('no words give everything up to the limit; unknown words give nothing', () => {
  expect(searchOperations(description, '', 100)).toHaveLength(description.operations.length)
  expect(searchOperations(description, [], 3)).toHaveLength(3)
  expect(searchOperations(description, 'xylophone')).toEqual([])
  expect(searchOperations(description, '__proto__ constructor toString')).toEqual([])
})

test('words are split and brought to one form', () => {
  expect(wordsOf('listPullRequests/repo_ids')).toEqual([
    'list',
    'pull',
    'request',
    'repository',
    'id',
  ])
  expect(['companies', 'boxes', 'statuses', 'people', 'address', 'events'].map(stem)).toEqual([
    'company',
    'box',
    'status',
    'person',
    'address',
    'event',
  ])
})

const circular = parseApiDescription(
  'a',
  JSON.stringify({
    openapi: '3.0.0',
    info: { title: 'Tree' },
    components: {
      schemas: {
        Node: {
          type: 'object',
          required: ['id'],
          properties: {
            id: { type: 'string', description: 'The **id**.' },
            parent: { $ref: '#/components/schemas/Node' },
            children: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
          },
        },
      },
    },
    paths: {
      '/nodes': {
        post: {
          operationId: 'add',
          parameters: [{ name: 'dry', in: 'query', schema: { type: 'boolean' } }],
          requestBody: {
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Node' } } },
          },
          responses: {
            200: {
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Node' } } },
            },
          },
        },
      },
    },
  }),
)

test('an operation is shown with its schemas inlined; circles end with a name', () => {
  const [operation] = circular.operations
  const shown = showOperation(circular, operation as NonNullable<typeof operation>)
  expect(JSON.stringify(shown)).not.toContain('$ref')
  expect(shown).toMatchObject({
    id: 'add',
    requestBody: {
      schema: { properties: { id: { type: 'string' }, parent: { type: 'object', title: 'Node' } } },
    },
    pagination: null,
    incrementalParameter: null,
  })
})

test('the reduced description names parameters, required fields and the search command, and stays small', () => {
  const text = reduceDescription(circular, circular.operations)
  expect(text).toContain('`POST /nodes`')
  expect(text).toContain('- query `dry` (boolean)')
  expect(text).toContain('- `id` (string, required)')
  expect(text).toContain('plumb docs search')
  const many = Array.from({ length: 300 }, () => circular.operations).flat()
  const long = reduceDescription(circular, many)
  expect(Buffer.byteLength(long)).toBeLessThan(13_500)
  expect(long).toContain('Not shown for length: add')
})
