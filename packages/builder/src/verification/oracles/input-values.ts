import type { JsonSchema } from '@plumb/protocol'
import { seededRandom, substituteFor } from './substitutes.js'

/** Values that a schema allows beside `recorded`, far apart from one another; none when it allows no other. */
export function otherValues(schema: JsonSchema, recorded: unknown): unknown[] {
  const { enum: members, const: only } = schema
  if (only !== undefined) return []
  if (Array.isArray(members)) return members.filter((member) => member !== recorded).slice(0, 2)
  const options = [schema['anyOf'], schema['oneOf']].find(Array.isArray) as JsonSchema[] | undefined
  if (options) return options.flatMap((option) => otherValues(option, recorded)).slice(0, 3)
  const values = valuesOf(schema, recorded)
  return values.filter((value) => value !== recorded && value !== schema['default'])
}

function valuesOf(schema: JsonSchema, recorded: unknown): unknown[] {
  switch (schema['type']) {
    case 'boolean':
      return [true, false]
    case 'integer':
    case 'number':
      return numbers(schema, recorded)
    case 'string':
      return texts(schema, recorded)
    case 'array':
      return lists(schema)
    case 'object':
      return objects(schema, recorded)
    default:
      return []
  }
}

function numbers(schema: JsonSchema, recorded: unknown): number[] {
  const [least, most] = [schema['minimum'], schema['maximum']].map(Number)
  const from = typeof recorded === 'number' ? recorded : 0
  return [from + 1, 2, 1, 90_001].filter((one) => !(one < (least ?? NaN)) && !(one > (most ?? NaN)))
}

const formats: Readonly<Record<string, readonly string[]>> = {
  'date-time': ['2099-02-03T04:05:06.000Z', '2001-02-03T04:05:06.000Z'],
  date: ['2099-02-03', '2001-02-03'],
  email: ['other.person@elsewhere.example'],
  uri: ['https://elsewhere.example/other'],
  uuid: ['7d0f6a52-3c1e-4b8a-9f27-5e4d3c2b1a09'],
}

function texts({ format }: JsonSchema, recorded: unknown): string[] {
  if (typeof format === 'string') return [...(formats[format] ?? [])]
  const like = typeof recorded === 'string' && recorded !== '' ? recorded : null
  const other = like === null ? null : substituteFor(like, seededRandom('other input'))
  const dates = like === null ? (formats['date-time'] ?? []) : []
  return [...(typeof other === 'string' ? [other] : []), 'another', ...dates]
}

function lists(schema: JsonSchema): unknown[] {
  const items = schema['items']
  if (typeof items !== 'object' || items === null) return []
  return otherValues(items as JsonSchema, undefined)
    .slice(0, 2)
    .map((value) => [value])
}

function objects(schema: JsonSchema, recorded: unknown): unknown[] {
  const before = typeof recorded === 'object' && recorded !== null ? recorded : {}
  const members = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>)
  const changed = members.flatMap(([name, member]) => {
    const [value] = otherValues(member, Reflect.get(before, name))
    return value === undefined ? [] : [[name, value] as const]
  })
  return changed.length === 0 ? [] : [{ ...before, ...Object.fromEntries(changed) }]
}
