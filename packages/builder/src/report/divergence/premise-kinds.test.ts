import { expect, test } from 'vitest'
import { firstDivergence } from './first-divergence.js'
import {
  bash,
  evidenceOf,
  failedDryRun,
  givens,
  plumb,
  receipt,
  says,
  toolCall,
  trace,
  unknownVerb,
  writeFunction,
} from './testing/craft-evidence.js'

const missing = { status: 404, text: '{"error":{"message":"No such record."}}' }
const good = { status: 200, text: '{"data":[{"id":7}]}' }

test('an invented verb is told with its nearest, and the step that did work', () => {
  const events = trace(
    plumb('docs search contacts'),
    unknownVerb('record --all', 'plumb dryrun'),
    unknownVerb('record', 'plumb dryrun'),
    plumb('dryrun'),
  )
  expect(firstDivergence(evidenceOf({ trace: events }))).toMatchObject({
    kind: 'invented-command',
    subject: 'plumb record',
    sequence: 2,
    consequences: [3],
    premise: expect.stringContaining('nearest there is: plumb dryrun'),
    contradiction: { sequence: 4, text: 'plumb dryrun did work' },
  })
})

test('an invented option and an invented program are premises, malformed JSON is none', () => {
  const option = '"--watch" is not an option here. There is --input, --metadata.'
  const summary = JSON.stringify({ error: option, usage: 'plumb dryrun' })
  const events = trace(plumb('dryrun --watch', 64, summary), plumb('dryrun'))
  expect(firstDivergence(evidenceOf({ trace: events }))).toMatchObject({
    subject: 'plumb dryrun --watch',
  })
  const program = trace(bash('cat x | jq .', 127, 'bash: line 1: jq: command not found'))
  expect(firstDivergence(evidenceOf({ trace: program }))?.subject).toBe('jq')
  const json = JSON.stringify({ error: '--input must be JSON.', usage: 'plumb dryrun' })
  const malformed = trace(plumb('dryrun --input {', 64, json), plumb('dryrun'))
  expect(firstDivergence(evidenceOf({ trace: malformed }))).toBeNull()
})

test('a call of a path in no description is an invented operation; a described one is not', () => {
  const events = trace(plumb('request GET /people'), plumb('request GET /contacts'))
  const receipts = [receipt(1, 'GET /people', missing), receipt(2, 'GET /contacts', good)]
  expect(firstDivergence(evidenceOf({ trace: events, receipts }))).toMatchObject({
    kind: 'invented-operation',
    subject: 'GET /v1/people',
    sequence: 1,
    receipts: ['r-1'],
    contradiction: { sequence: 2, text: expect.stringContaining('listContacts') },
  })
  const described = [receipt(1, 'GET /contacts', missing)]
  expect(firstDivergence(evidenceOf({ trace: events, receipts: described }))).toBeNull()
  expect(firstDivergence(evidenceOf({ trace: events, receipts, givens: null }))).toBeNull()
})

test('the name of an operation that is not described is invented, too', () => {
  const error = 'The API description has no operation "getPeople".'
  const events = trace(
    plumb('docs show getPeople', 1, JSON.stringify({ error })),
    plumb('docs search people'),
  )
  expect(firstDivergence(evidenceOf({ trace: events }))).toMatchObject({
    kind: 'invented-operation',
    subject: 'getPeople',
    contradiction: { sequence: 2 },
  })
})

test('a refused parameter that is repaired names the call that was right', () => {
  const refused = { status: 400, text: '{"error":{"message":"\\"limit\\" is not a number."}}' }
  const events = trace(plumb('request GET /contacts'), plumb('request GET /contacts'))
  const receipts = [
    receipt(1, 'GET /contacts?limit=all', refused),
    receipt(2, 'GET /contacts?limit=5', good),
  ]
  expect(firstDivergence(evidenceOf({ trace: events, receipts }))).toMatchObject({
    kind: 'rejected-parameter',
    subject: 'GET /v1/contacts: limit',
    receipts: ['r-1'],
    contradiction: { sequence: 2 },
  })
})

const forbidden = { status: 403, text: '{"error":{"message":"Scope payouts:read is missing."}}' }

test('missing access that is taken for a missing thing is a misread error', () => {
  const receipts = [receipt(1, 'GET /payouts', forbidden)]
  const wrong = trace(plumb('request GET /payouts'), says('The payouts endpoint does not exist.'))
  expect(firstDivergence(evidenceOf({ trace: wrong, receipts }))).toMatchObject({
    kind: 'misread-error',
    subject: '403 taken for a thing that does not exist',
    sequence: 1,
    receipts: ['r-1'],
    contradiction: { sequence: 2 },
  })
  for (const text of ['403: the scope is missing.', 'A scope is missing; it is not found.']) {
    const read = trace(plumb('request GET /payouts'), says(text))
    expect(firstDivergence(evidenceOf({ trace: read, receipts }))).toBeNull()
  }
})

test('who is refused and looks for the same thing under other ids has misread the refusal', () => {
  const ids = [1, 2, 3]
  const events = trace(...ids.map((id) => plumb(`request GET /contacts/${id}`)))
  const receipts = ids.map((id) => receipt(id, `GET /contacts/${id}`, forbidden))
  expect(firstDivergence(evidenceOf({ trace: events, receipts }))).toMatchObject({
    kind: 'misread-error',
    consequences: [2, 3],
    contradiction: { sequence: 3 },
  })
  const few = evidenceOf({ trace: events, receipts: receipts.slice(0, 2) })
  expect(firstDivergence(few)).toBeNull()
})

test('a draft that fails before it was changed is our fault, with the change as proof', () => {
  const events = trace(plumb('dryrun', 1, '{"executionId":"e-1","ok":false}'), writeFunction())
  const executions = [failedDryRun(1, { type: 'error', message: 'x.map is not a function' })]
  expect(firstDivergence(evidenceOf({ trace: events, executions }))).toMatchObject({
    kind: 'scaffold-defect',
    sequence: 1,
    premise: expect.stringContaining('x.map is not a function'),
    contradiction: { sequence: 2 },
  })
  const uncompiled =
    '{"executionId":null,"ok":false,"outcome":{"error":{"message":"Type \\"a\\""}}}'
  const notCompiled = trace(plumb('dryrun', 1, uncompiled), bash('cat > function.ts', 0))
  expect(firstDivergence(evidenceOf({ trace: notCompiled }))?.kind).toBe('scaffold-defect')
  const types = '{"ok":false,"findings":[{"check":"types","behaviour":"T1","message":"TS2322"}]}'
  const checked = trace(bash('cat function.ts', 0), plumb('check', 1, types), writeFunction())
  expect(firstDivergence(evidenceOf({ trace: checked }))).toMatchObject({ sequence: 2 })
})

test.each([
  ['a wrong input', { type: 'validation', message: 'Input does not match its schema' }, 'draft'],
  ['what the API answered', { type: 'http-error', message: '404' }, 'draft'],
  ['a changed function', { type: 'error', message: 'x' }, 'changed'],
] as const)('%s is no defect of the draft', (_, error, hash) => {
  const events = trace(plumb('dryrun', 1, '{"executionId":"e-1"}'), writeFunction())
  const executions = [failedDryRun(1, error, hash)]
  expect(firstDivergence(evidenceOf({ trace: events, executions }))).toBeNull()
})

test('a failure after the first change is none either', () => {
  const events = trace(writeFunction(), plumb('dryrun', 1, '{"executionId":null}'))
  expect(firstDivergence(evidenceOf({ trace: events }))).toBeNull()
})

test('a parameter that turns no page gives the same rows again', () => {
  const events = trace(plumb('request GET /contacts'), plumb('request GET /contacts'))
  const twice = (query: string, text: string) => [
    receipt(1, 'GET /contacts?limit=5', { status: 200, text }),
    receipt(2, `GET /contacts?limit=5&${query}`, { status: 200, text }),
  ]
  const found = (query: string, text: string) =>
    firstDivergence(evidenceOf({ trace: events, receipts: twice(query, text) }))
  expect(found('page=2', good.text)).toMatchObject({
    kind: 'paging-assumption',
    subject: 'GET /v1/contacts: page',
    receipts: ['r-1', 'r-2'],
    contradiction: { sequence: 2 },
  })
  expect(found('sort=name', good.text)).toBeNull()
  expect(found('page=2', '{"data":[]}')).toBeNull()
})

test('one page of a list that names more is contradicted by a later walk, or by the verdict', () => {
  const text = '{"data":[{"id":1}],"next_cursor":"c2"}'
  const first = receipt(1, 'GET /contacts', { status: 200, text, executionId: 'e-1' })
  const walk = [
    receipt(3, 'GET /contacts', { status: 200, text, executionId: 'e-2' }),
    receipt(3.1, 'GET /contacts?cursor=c2', { ...good, executionId: 'e-2' }),
  ]
  const events = trace(plumb('dryrun'), writeFunction(), plumb('dryrun'))
  const find = (receipts: typeof walk, more = {}) =>
    firstDivergence(evidenceOf({ trace: events, receipts, ...more }))
  expect(find([first, ...walk])).toMatchObject({
    kind: 'paging-assumption',
    sequence: 1,
    contradiction: { sequence: 3, text: 'a later dry run walks further pages' },
  })
  expect(find([first])).toBeNull()
  const verdict = {
    ...{ check: 'c', behaviour: 'E4', severity: 'reject', message: 'Page 2 was not read.' },
    ...{ remedy: null, pointer: null },
  } as const
  expect(find([first], { findings: [verdict] })?.contradiction?.text).toContain('Page 2')
  const whole = receipt(1, 'GET /contacts', { ...good, executionId: 'e-1' })
  expect(find([whole], { findings: [verdict] })).toBeNull()
})

test('an id that no answer named was guessed; one that was seen, or a trial on purpose, was not', () => {
  const calls = ['/contacts/999', '/contacts', '/contacts/7']
  const events = trace(...calls.map((path) => plumb(`request GET ${path}`)))
  const contact = { status: 200, text: '{"data":{"id":7}}' }
  const receipts = [
    receipt(1, 'GET /contacts/999', missing),
    receipt(2, 'GET /contacts', good),
    receipt(3, 'GET /contacts/7', contact),
  ]
  expect(firstDivergence(evidenceOf({ trace: events, receipts }))).toMatchObject({
    kind: 'guessed-id',
    subject: 'getContact',
    premise: expect.stringContaining('"999"'),
    contradiction: { sequence: 3 },
  })
  const onPurpose = [
    receipt(1, 'GET /contacts/7', contact),
    receipt(3, 'GET /contacts/999', missing),
  ]
  expect(firstDivergence(evidenceOf({ trace: events, receipts: onPurpose }))).toBeNull()
  const deleted = [
    receipt(1, 'GET /contacts', good),
    receipt(2, 'GET /contacts/7', missing),
    receipt(3, 'GET /contacts/8', contact),
  ]
  expect(firstDivergence(evidenceOf({ trace: events, receipts: deleted }))).toBeNull()
})

test.each([
  [bash('echo x > /etc/hosts', 1, 'bash: /etc/hosts: Read-only file system'), 'writing'],
  [bash('curl https://x.example', 6, 'curl: (6) Could not resolve host: x.example'), 'the network'],
  [toolCall('read', { status: 'error', output: 'EACCES: permission denied' }), 'a file or tool'],
  [plumb('request GET https://x.example', 1, '{"code":"host-not-allowed"}'), 'a host'],
  [plumb('dryrun', 1, '"POST /a" was not sent: it would be write 2 of this execution'), 'a call'],
])('what the box refuses is told, and how it went on', (refused, subject) => {
  const events = trace(plumb('docs search x'), refused, plumb('docs search x'))
  expect(firstDivergence(evidenceOf({ trace: events }))).toMatchObject({
    kind: 'refused-tool',
    subject: expect.stringContaining(subject),
    sequence: 2,
    contradiction: { sequence: 3 },
  })
})

test('of several premises the earliest is told', () => {
  const events = trace(
    plumb('request GET /people'),
    unknownVerb('record', 'plumb dryrun'),
    plumb('dryrun', 1, 'x'),
    plumb('dryrun', 1, 'x'),
  )
  const receipts = [receipt(1, 'GET /people', missing)]
  expect(firstDivergence(evidenceOf({ trace: events, receipts }))?.kind).toBe('invented-operation')
  const later = evidenceOf({ trace: events, givens: { ...givens } })
  expect(firstDivergence(later)?.kind).toBe('invented-command')
})
