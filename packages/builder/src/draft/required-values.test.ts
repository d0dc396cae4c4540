import { expect, test } from 'vitest'
import { parseApiDescription } from '../description/load-api-description.js'
import { candidatesOf } from './candidate-inputs.js'

const string = { type: 'string' }
const called = (summary: string, properties: object, required?: string[]): object => ({
  post: {
    summary,
    requestBody: {
      content: {
        'application/x-www-form-urlencoded': {
          schema: { type: 'object', properties, ...(required ? { required } : {}) },
        },
      },
    },
    responses: {},
  },
})
const guests = { channel: string, users: string, note: string }
const paths = {
  '/conversations.invite': called('Invites users to a channel', guests),
  '/conversations.open': called('Opens a conversation', { silent: { type: 'boolean' }, ...guests }),
  '/chat.update': called('Updates a message', { room: string, ts: string }, ['room', 'ts']),
  '/chat.delete': called('Deletes a message', { room: string, ts: string, note: string }),
  '/guests': called('Invites users to a channel', guests),
}
const description = parseApiDescription(
  'a',
  JSON.stringify({ openapi: '3.0.0', info: { title: 'Rooms' }, paths }),
)

test.each([
  ['/conversations.invite', ['channel', 'users']],
  ['/chat.update', ['room', 'ts']],
  ['/chat.delete', ['room', 'ts']],
  ['/guests', []],
])('%s cannot do without %j, whatever its schema forgets', (path, names) => {
  const operation = description.operations.find((one) => one.path === path)
  const required = operation ? candidatesOf(description, operation) : []
  expect(required.filter((one) => one.required).map((one) => one.path[0])).toEqual(names)
})
