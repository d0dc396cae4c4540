import { describe, expect, it } from 'vitest'
import type { JsonObject } from '@plumb/protocol'
import { findHint, findPathHint } from './find-hint.js'
import { patternText } from './pattern-text.js'
import type { SampleRequest } from './sample.js'
import { sampleValue } from './sample-value.js'

const request = (
  name: string,
  schema: JsonObject,
  more: Partial<SampleRequest> = {},
): SampleRequest => ({
  ...{
    name,
    schema,
    description: '',
    namespace: 'plumb-t1',
    noun: 'order',
    salt: 0,
    isSearch: false,
  },
  now: new Date('2031-05-01T09:30:00Z'),
  ...more,
})
const sample = (name: string, schema: JsonObject, more?: Partial<SampleRequest>) =>
  sampleValue(request(name, schema, more))
const text: JsonObject = { type: 'string' }

describe('sampleValue', () => {
  it('looks like the code that a description shows, with digits of its own', () => {
    const description = 'Required. Two capital letters, a hyphen and digits, e.g. AB-12345.'
    const code = sample('plate', text, { description })
    expect(code).toMatch(/^AB-\d{5}$/)
    expect(sample('plate', text, { description, salt: 1 })).not.toBe(code)
    expect(sample('plate', text, { description: 'e.g. Berlin' })).toBe('plumb-t1-plate')
  })

  it.each([
    ['name', text, 'plumb-t1-order'],
    ['contact_email', text, 'plumb-t1-person@example.com'],
    ['mode', { type: 'string', enum: ['slow', 'fast'], default: 'fast' }, 'fast'],
    ['kind', { const: 'x' }, 'x'],
    ['due', { type: ['string', 'null'], format: 'date' }, '2031-05-03'],
    ['starts_at', { type: 'string', format: 'date-time' }, '2031-05-02T10:00:00Z'],
    ['ends_at', { type: 'string', format: 'date-time' }, '2031-05-02T11:00:00Z'],
    ['amount', { type: 'integer', maximum: 50 }, 50],
    ['level', { type: 'integer', exclusiveMinimum: 4 }, 5],
    ['tags', { type: 'array', items: { type: 'string', enum: ['a'] } }, ['a']],
    ['code', { type: 'string', pattern: '^[A-Z]{2}-\\d{3}$' }, 'AB-012'],
    ['title', { type: 'string', maxLength: 8 }, 'plumb-t1'],
  ])('%s %j', (name, schema, expected) => {
    expect(sample(name, schema as JsonObject)).toEqual(expected)
  })

  it('differs on a further try, where a name was taken', () => {
    expect(sample('name', text, { salt: 1 })).toBe('plumb-t1-order-2')
  })

  it('takes one moment of an object that offers a day or a moment', () => {
    const when = {
      type: 'object',
      properties: { date: { ...text, format: 'date' }, dateTime: { ...text, format: 'date-time' } },
    }
    expect(sample('end', when)).toEqual({ dateTime: '2031-05-02T11:00:00Z' })
  })

  it('writes a whole message where base64url of one is wanted', () => {
    const raw = sample('raw', text, {
      description: 'The entire message in RFC 2822 format, base64url encoded.',
    })
    expect(Buffer.from(raw as string, 'base64url').toString()).toMatch(
      /^To: .*\r\nSubject: plumb-t1/,
    )
  })

  it('looks far around when something is searched', () => {
    const schema: JsonObject = { type: 'string', format: 'date-time' }
    expect(sample('since', schema, { isSearch: true })).toBe('2031-04-01T10:00:00Z')
  })

  it('ends on schemas that contain themselves', () => {
    const node: Record<string, unknown> = { type: 'object', required: ['child'] }
    node['properties'] = { child: node }
    expect(JSON.stringify(sample('node', node as JsonObject)).length).toBeLessThan(200)
  })
})

it.each(['^[a-z]{3,}$', '^#?[0-9a-f]{6}$', '^\\d{4}-\\d{2}$', '^[\\w.-]+@acme$', '^v[0-9]+$'])(
  'patternText fits %s',
  (pattern) => {
    expect(patternText(pattern)).toMatch(new RegExp(pattern))
  },
)

it('patternText says when an expression is beyond it', () => {
  expect(patternText('^(?=.*a)(b|c)+$')).toBeNull()
  expect(patternText('[')).toBeNull()
})

describe('hints in words', () => {
  it.each([
    ['Use project atlas and board main-2.', 'project', [], 'atlas'],
    ['Use project atlas and board main-2.', 'board', [], 'main-2'],
    ['The folder id is root-7.', 'folderId', [], 'root-7'],
    ['The own mailbox of a user has the id "self".', 'id', ['mailbox'], 'self'],
    ['Create a project with a title.', 'project', [], null],
    ['The project is the one that was created before.', 'project', [], null],
    ['Write a comment on an existing project.', 'comment', [], null],
  ] as const)('%s (%s)', (...row) => {
    const [words, name, context, expected] = row
    expect(findHint(words, name, context)).toBe(expected)
  })

  it('reads paths of as many parts as are asked for', () => {
    expect(findPathHint('We own the repository acme/tool-box.', 'repo', 2)).toEqual([
      'acme',
      'tool-box',
    ])
    expect(findPathHint('We own the repository acme/tool-box.', 'repo', 3)).toBeNull()
    expect(findPathHint('Create and/or update it.', 'repo', 2)).toBeNull()
  })
})
