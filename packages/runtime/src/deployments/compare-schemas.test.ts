import { z } from 'zod'
import type { JsonSchema } from '@plumb/protocol'
import { describe, expect, it } from 'vitest'
import { narrowingsOf } from './compare-schemas.js'

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' }) as JsonSchema
const taken = (before: z.ZodType, after: z.ZodType) =>
  narrowingsOf(schemaOf(before), schemaOf(after), 'taken')
const given = (before: z.ZodType, after: z.ZodType) =>
  narrowingsOf(schemaOf(before), schemaOf(after), 'given')

const person = z.object({ name: z.string(), age: z.number().optional() })

describe('what callers send', () => {
  it.each([
    [person, person.extend({ city: z.string().optional() })],
    [person, person.partial()],
    [person, person.extend({ name: z.union([z.string(), z.number()]) })],
    [person, person.omit({ age: true })],
    [z.enum(['a', 'b']), z.enum(['a', 'b', 'c'])],
    [z.enum(['a', 'b']), z.string()],
    [z.int(), z.number()],
    [z.string().max(5), z.string().max(9)],
    [z.string(), z.unknown()],
    [person, person.describe('A person')],
  ])('may become wider (%#)', (before, after) => {
    expect(taken(before, after)).toEqual([])
  })

  it.each([
    [person, person.extend({ city: z.string() }), '"city" must be given now'],
    [person, person.required(), '"age" must be given now'],
    [person, z.strictObject({ name: z.string() }), '"age" is not taken any more'],
    [person.extend({ name: z.string().nullable() }), person, '"name" takes no null any more'],
    [z.array(person), z.array(person.required()), '"[].age" must be given now'],
    [z.enum(['a', 'b']), z.enum(['a']), 'it takes no "b" any more'],
    [z.string(), z.literal('a'), 'it takes no other values any more'],
    [z.string(), z.string().max(5), 'it is limited now (maxLength 5)'],
    [z.string().min(1), z.string().min(2), 'it is limited now (minLength 2)'],
    [z.unknown(), z.string(), 'it takes no object or array or number or boolean or null any more'],
    [
      z.union([person, z.object({ id: z.string() })]),
      z.union([person, z.object({ key: z.string() })]),
      'it has other alternatives now',
    ],
  ])('must not become narrower (%#)', (before, after, finding) => {
    expect(taken(before, after)).toContain(finding)
  })
})

describe('what products read', () => {
  it.each([
    [person, person.extend({ city: z.string() })],
    [person, person.required()],
    [person.extend({ name: z.string().nullable() }), person],
    [z.enum(['a', 'b']), z.enum(['a'])],
    [z.number(), z.int()],
  ])('may become more (%#)', (before, after) => {
    expect(given(before, after)).toEqual([])
  })

  it.each([
    [person, person.omit({ age: true }), '"age" is gone'],
    [person, person.partial(), '"name" may be missing now'],
    [person, person.extend({ name: z.string().nullable() }), '"name" may be null now'],
    [person, person.extend({ name: z.number() }), '"name" may be number now'],
    [z.array(person), z.array(z.string()), '"[]" may be string now'],
  ])('must not become less (%#)', (before, after, finding) => {
    expect(given(before, after)).toContain(finding)
  })
})

describe('hostile schemas', () => {
  it('ends for schemas that hold themselves', () => {
    const node = (extra: object): JsonSchema => ({
      $defs: {
        node: {
          type: 'object',
          properties: { left: { $ref: '#/$defs/node' }, right: { $ref: '#/$defs/node' }, ...extra },
        },
      },
      $ref: '#/$defs/node',
    })
    const found = narrowingsOf(node({ value: { type: 'string' } }), node({}), 'given')
    expect(found[0]).toBe('"value" is gone')
    expect(found.length).toBeLessThanOrEqual(20)
    const self: JsonSchema = { $ref: '#' }
    expect(narrowingsOf(self, { type: 'string' }, 'taken')).toHaveLength(1)
    const either: JsonSchema = { anyOf: [{ $ref: '#' }, { $ref: '#' }] }
    expect(narrowingsOf(either, { type: 'string' }, 'taken')).not.toHaveLength(0)
  })

  it('reads no members of objects that schemas do not have', () => {
    const strange: JsonSchema = { $ref: '#/constructor/prototype' }
    expect(narrowingsOf(strange, {}, 'taken')).toEqual([])
    expect(
      narrowingsOf({ anyOf: ['x', 7] }, { required: 'name', properties: [1] }, 'taken'),
    ).toEqual(expect.any(Array))
  })
})
