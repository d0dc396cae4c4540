import { seededRandom } from './seeded-random.js'
import type { SeededRandom } from './seeded-random.js'

export type FieldKind = 'text' | 'number' | 'flag' | 'time' | 'choice' | 'list' | 'party'

/** A field as the API spells it, such as `billing_reference`. */
export type Field = { readonly name: string; readonly kind: FieldKind; readonly nullable: boolean }

/** A kind of thing an invented API keeps, such as `shipment`. */
export type Entity = {
  readonly name: string
  readonly plural: string
  readonly fields: readonly Field[]
}

export type Row = Readonly<Record<string, unknown>>

const things = [
  'account',
  'shipment',
  'ticket',
  'voucher',
  'meeting',
  'asset',
  'booking',
  'contract',
]
const subjects = [
  'billing',
  'primary',
  'external',
  'legacy',
  'assigned',
  'origin',
  'target',
  'review',
]
const nouns: Readonly<Record<FieldKind, readonly string[]>> = {
  text: ['reference', 'title', 'notes', 'region', 'email'],
  number: ['total', 'count', 'weight', 'score'],
  flag: ['enabled', 'locked', 'archived'],
  time: ['created_at', 'seen_at', 'due_at'],
  choice: ['state', 'priority'],
  list: ['labels', 'channels'],
  party: ['owner', 'contact'],
}
const kinds: readonly FieldKind[] = [
  ...(['text', 'text', 'text', 'number', 'number', 'flag'] as const),
  ...(['time', 'choice', 'list', 'party'] as const),
]

export const choices = ['open', 'waiting', 'done'] as const

/** The entities of one integration: different names, fields by chance. */
export function inventEntities(random: SeededRandom, count: number): Entity[] {
  return things.slice(0, count).map((name) => ({
    name,
    plural: `${name}s`,
    fields: inventFields(random),
  }))
}

function inventFields(random: SeededRandom): Field[] {
  const fields = new Map<string, Field>()
  const wanted = random.between(9, 18)
  while (fields.size < wanted) {
    const kind = random.pick(kinds)
    const name = `${random.pick(subjects)}_${random.pick(nouns[kind])}`
    fields.set(name, { name, kind, nullable: random.between(0, 3) === 0 })
  }
  return [...fields.values()]
}

/** A row as the API answers it; the same for the same entity and number. */
export function inventRow(entity: Entity, number: number): Row {
  const random = seededRandom(number * 7919 + entity.fields.length)
  const values = entity.fields.map(({ name, kind, nullable }): [string, unknown] => [
    name,
    nullable && random.between(0, 2) === 0 ? null : inventValue(kind, random),
  ])
  return { id: `${entity.name}_${number}`, ...Object.fromEntries(values) }
}

function inventValue(kind: FieldKind, random: SeededRandom): unknown {
  const values: Readonly<Record<FieldKind, () => unknown>> = {
    text: () => `${random.pick(subjects)} ${random.hex(random.between(6, 30))}`,
    number: () => random.between(0, 1_000_000) / 100,
    flag: () => random.between(0, 1) === 1,
    time: () => `2026-0${random.between(1, 9)}-1${random.between(0, 9)}T08:00:00Z`,
    choice: () => random.pick(choices),
    list: () => Array.from({ length: random.between(0, 4) }, () => random.pick(subjects)),
    party: () => ({ party_id: random.hex(8), display_name: `Party ${random.hex(4)}` }),
  }
  return values[kind]()
}

/** The row as the generated functions hand it on: camel case, nulls kept. */
export function mappedRow(entity: Entity, row: Row): Row {
  const values = entity.fields.map(({ name, kind }): [string, unknown] => [
    camelCase(name),
    kind === 'party' ? mappedParty(row[name]) : row[name],
  ])
  return { id: row['id'], ...Object.fromEntries(values) }
}

function mappedParty(value: unknown): unknown {
  if (value === null) return null
  const { party_id: id, display_name: name } = value as Record<string, unknown>
  return { id, name }
}

export function camelCase(name: string): string {
  return name.replace(/[_-](\w)/g, (_, letter: string) => letter.toUpperCase())
}

export function pascalCase(name: string): string {
  return camelCase(`-${name}`)
}
