import { expect, test } from 'vitest'
import { findFieldProblems, normaliseFields } from './normalise-fields.js'

test('the short form becomes an object schema; "?" makes a field optional', () => {
  expect(normaliseFields({ title: 'string', note: 'string?', 'count?': 'integer' })).toEqual({
    type: 'object',
    properties: { title: { type: 'string' }, note: { type: 'string' }, count: { type: 'integer' } },
    required: ['title'],
    additionalProperties: false,
  })
})

test('a field may be a JSON Schema of its own', () => {
  const tags = { type: 'array', items: { type: 'string' } }
  expect(normaliseFields({ tags })).toMatchObject({ properties: { tags }, required: ['tags'] })
})

test('a JSON Schema is left as it is', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } }
  expect(normaliseFields(schema)).toBe(schema)
  expect(normaliseFields({ type: 'object' })).toEqual({ type: 'object' })
})

test('a field may be called "type" or "properties"', () => {
  expect(normaliseFields({ type: 'string' })).toMatchObject({
    properties: { type: { type: 'string' } },
  })
  expect(normaliseFields({ type: 'object', title: 'string' })).toMatchObject({
    required: ['type', 'title'],
  })
  expect(normaliseFields({ properties: 'array' })).toMatchObject({ required: ['properties'] })
})

test('types that do not exist are problems', () => {
  expect(
    findFieldProblems({ a: 'text', b: 3, c: 'string?', d: null }).map(({ name }) => name),
  ).toEqual(['a', 'b', 'd'])
})
