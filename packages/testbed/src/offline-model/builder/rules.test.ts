import { describe, expect, it } from 'vitest'
import type { JsonObject } from '@plumb/protocol'
import { itemOf, itemsOf, answerOf } from '../api/answer.js'
import type { OperationName } from '../api/operation.js'
import { parseOperation } from '../api/operation.js'
import { nounOfPath, referenceOf } from '../api/nouns.js'
import { askedThings } from './choose-operation.js'
import { calledOperations } from './called-operations.js'
import { complaintsOf } from './complaints.js'
import { fixDiagnostics } from './fix-diagnostics.js'
import { identify, rankItems } from './identify.js'
import { changedFields, intentOfOperation, isReference, targetOf } from './references.js'
import { meaningOf } from './repair-run.js'

const named = (method: string, path: string, summary = ''): OperationName => ({
  id: `${method} ${path}`,
  method,
  path,
  summary,
})
const field = (
  name: string,
  place: 'path' | 'body' = 'body',
  schema: JsonObject = { type: 'string' },
) => ({ name, place, schema, required: true, description: '' })
const catalogue = [
  named('GET', '/orders'),
  named('POST', '/customers'),
  named('GET', '/rooms.list', 'Lists all channels'),
  named('POST', '/rooms.create', 'Initiates a public or private room'),
]

describe('names of things', () => {
  const owner = { id: 3, login: 'acme', name: 'Acme Ltd' }
  const project = { id: 7, name: 'site', owner }

  it('takes what a nested thing is called in addresses where a name is wanted, and its id where an id is', () => {
    expect(identify(project, field('owner', 'path'), ['project'])).toBe('acme')
    expect(identify(project, field('owner_id', 'path'), ['project'])).toBeUndefined()
    expect(identify({ owner: { id: 'u1', login: 'acme' } }, field('owner'), ['project'])).toBe('u1')
    expect(identify(project, field('project', 'path'), ['project'])).toBe('site')
  })

  it.each([
    ['ts', 'Timestamp of the order to be updated.', ['order']],
    ['target', 'Order identifier of the target order', ['order']],
    ['target', 'The ID of the public or private channel to put an order into', ['channel']],
    ['created', 'Timestamp of the order', ['created']],
    ['target', 'Where to', ['target']],
  ])('%s, "%s" points at %j', (name, description, noun) =>
    expect(
      targetOf({ ...field(name), description }, named('POST', '/x.update'), catalogue).noun,
    ).toEqual(noun),
  )

  it('knows the placeholder before a custom method', () => {
    const target = targetOf(field('vanId', 'path'), named('POST', '/vans/{vanId}:dispatch'))
    expect(target).toMatchObject({ noun: ['van'], collection: '/vans', group: ['vanId'] })
  })

  it('calls a reference by the name that its description gives it', () => {
    const told = { ...field('timestamp'), description: 'Timestamp of the order.' }
    const { alias = '' } = targetOf(told, named('POST', '/x.add'), catalogue)
    expect(identify({ channel: 'C1', ts: '1.2' }, field(alias), ['order'])).toBe('1.2')
  })

  it('knows the moment that names a thing from a moment', () => {
    const told = { ...field('timestamp'), description: 'Timestamp of the order to react to.' }
    expect(isReference(told, catalogue)).toBe(true)
    expect(isReference(field('timestamp'), catalogue)).toBe(false)
  })
})

it.each([
  ['Book a repair appointment for a van in a garage.', ['repair', 'appointment']],
  ['Quickly add an event to a calendar.', ['quickly', 'event']],
  ['Keep a copy of the vans.', []],
  ['Change the title, the place or the time of an event.', []],
])('%s asks for %j', (text, things) => expect(askedThings(text)).toEqual(things))

it('does not take for a thing what a summary names as the place', () => {
  const sends = [named('POST', '/vans/{id}:dispatch', 'Dispatches a van to a destination.')]
  expect(isReference(field('destination'), sends)).toBe(false)
  expect(isReference(field('van'), sends)).toBe(true)
})

describe('what operations and fields are about', () => {
  it.each([
    ['/v2/orders/{id}/line-items', ['line', 'item']],
    ['/api/chat.postMessage', ['chat', 'message']],
    ['/users.lookupByEmail', ['user']],
    ['/orders/{id}/archive', ['order']],
    ['/shelves/{id}/books', ['book']],
    ['/depots/{depot}/vans/{vanId}:dispatch', ['van']],
  ])('%s is about %j', (path, noun) => expect(nounOfPath(path)).toEqual(noun))

  it.each([
    ['issue_number', ['issue'], ['number']],
    ['threadTs', ['thread'], ['ts']],
    ['id', [], ['id']],
    ['channel', ['channel'], []],
  ])('%s', (name, noun, suffix) => expect(referenceOf(name)).toEqual({ noun, suffix }))

  it.each([
    [field('customer_id'), true],
    [field('customer'), true],
    [field('channel'), true],
    [field('title'), false],
    [field('first_name'), false],
    [field('due_on', 'body', { type: 'string', format: 'date' }), false],
    [field('order', 'body', { type: 'string', enum: ['asc'] }), false],
    [field('anything', 'path'), true],
  ])('%j points at something: %s', (one, expected) =>
    expect(isReference(one, catalogue)).toBe(expected),
  )

  it('takes placeholders beside one another together', () => {
    const target = targetOf(field('team', 'path'), named('GET', '/projects/{team}/{project}/tasks'))
    expect(target).toEqual({
      noun: ['project'],
      collection: '/projects',
      group: ['team', 'project'],
    })
  })

  it.each([
    ['POST', '/orders/{id}/cancel', 'update'],
    ['POST', '/orders', 'create'],
    ['POST', '/show.schedule', 'create'],
    ['DELETE', '/orders/{id}', 'delete'],
    ['GET', '/orders/{id}', 'read'],
    ['POST', '/rooms.list', 'list'],
  ])('%s %s means to %s', (method, path, intent) =>
    expect(intentOfOperation(named(method, path))).toBe(intent),
  )

  it('knows what a change is made to', () => {
    const operation = (method: string, path: string) =>
      parseOperation({
        operation: {
          ...named(method, path),
          parameters: ['a', 'b'].map((name) => ({ name, in: 'path', schema: {} })),
        },
      })
    const fields = (method: string, path: string) => {
      const parsed = operation(method, path)
      return parsed === null ? null : [...changedFields(parsed, catalogue)]
    }
    expect(fields('PATCH', '/as/{a}/bs/{b}')).toEqual(['b'])
    expect(fields('POST', '/as/{a}/bs/{b}/close')).toEqual(['b'])
    expect(fields('POST', '/as/{a}/bs')).toEqual([])
  })
})

describe('answers', () => {
  it('finds the list named after the thing before any other', () => {
    expect(itemsOf({ warnings: ['w'], orders: [{ id: 1 }] }, ['order'])).toEqual([{ id: 1 }])
    expect(itemsOf({ data: { results: [{ id: 2 }] } }, ['order'])).toEqual([{ id: 2 }])
    expect(itemsOf({ ok: true }, ['order'])).toEqual([])
  })

  it('unwraps one thing', () => {
    expect(itemOf({ ok: true, order: { id: 1 } }, ['order'])).toEqual({ id: 1 })
    expect(itemOf({ data: { id: 2 } }, ['order'])).toEqual({ id: 2 })
    expect(itemOf({ id: 3, order: { id: 4 } }, ['order'])).toMatchObject({ id: 3 })
  })

  it('tells a refusal with status 200 from an answer', () => {
    const failure = (body: JsonObject) => answerOf({ status: 200, body }).failure
    expect(failure({ ok: false, error: 'no_such_order' })).toContain('no_such_order')
    expect(failure({ ok: true, error: 'none' })).toBeNull()
    expect(failure({ data: null, errors: [{ message: 'bad' }] })).toContain('bad')
    expect(failure({ id: 1, errors: [] })).toBeNull()
  })

  it('names a thing in the way the field wants', () => {
    const item = { id: 7, number: 3, name: 'tools', owner: { id: 1, login: 'acme' } }
    expect(identify(item, field('repo'), ['repo'])).toBe('tools')
    expect(identify(item, field('repo_id', 'body', { type: 'integer' }), ['repo'])).toBe(7)
    expect(identify(item, field('issue_number', 'body', { type: 'integer' }), ['issue'])).toBe(3)
    expect(identify(item, field('owner'), ['repo'])).toBe('acme')
    expect(identify(item, field('team'), ['repo'])).toBeUndefined()
  })

  it('puts things that are in use before archived ones, and named ones first', () => {
    const items = [{ id: 1, archived: true }, { id: 2 }, { id: 3, name: 'lunch' }]
    const ranked = rankItems(items, { words: 'Post to lunch.', namespace: 'plumb-x' })
    expect(ranked.map(({ id }) => id)).toEqual([3, 2, 1])
  })
})

describe('errors', () => {
  it.each([
    ['422 {"errors":[{"field":"due","message":"is required"}]}', 'due'],
    ['400 {"error":{"details":[{"path":["body","due"],"msg":"bad"}]}}', 'due'],
    ['422 {"errors":{"due":["is invalid"]}}', 'due'],
    ['400 {"message":"Missing due time."}', 'due'],
    ['400 {"errors":[{"source":{"pointer":"/data/attributes/due"},"title":"x"}]}', 'due'],
  ])('%s names its field', (failure, expected) => {
    expect(complaintsOf(failure, ['title', 'due']).map((one) => one.field)).toEqual([expected])
  })

  it.each([
    [404, '404 {}', 'absent'],
    [null, '200 {"type":"room_not_found"}', 'absent'],
    [null, '200 {"type":"name_taken"}', 'taken'],
    [422, '422 {"message":"already exists"}', 'taken'],
    [403, '403 {"message":"insufficient scope"}', 'denied'],
    [403, '403 {"message":"locked"}', 'closed'],
    [503, '503 {}', 'busy'],
    [null, '200 {"type":"invalid_color"}', 'invalid'],
    [405, '405 {}', 'other'],
  ])('status %s, %s means %s', (status, text, expected) =>
    expect(meaningOf({ status, text })).toBe(expected),
  )

  it('mends lines that a compiler names, and says when it knows none of them', () => {
    const source = 'const a = z.string()\nreturn {\n  name: one.name,\n  size: a.b.c,\n}'
    const fixed = fixDiagnostics(source, [
      { line: 3, message: "Type 'string | null' is not assignable to type 'string | undefined'." },
      { line: 4, message: "'a.b' is possibly 'undefined'." },
    ])
    expect(fixed).toContain('  name: one.name ?? undefined,\n  size: a.b?.c,')
    expect(fixDiagnostics(source, [{ line: 1, message: 'Something else.' }])).toBeNull()
  })
})

it('names the operations behind calls, the plainest path first', () => {
  const names = [
    named('GET', '/orders/{id}'),
    named('GET', '/orders/open'),
    named('POST', '/orders'),
  ]
  const call = (method: string, path: string, status: number | null = 200) => ({
    method,
    path,
    status,
    receiptId: null,
  })
  expect(
    calledOperations([call('GET', '/api/v1/orders/open'), call('GET', '/api/v1/orders/7')], names),
  ).toEqual(['GET /orders/open', 'GET /orders/{id}'])
  expect(calledOperations([call('POST', '/orders', 500), call('GET', '/else')], names)).toEqual([])
})
