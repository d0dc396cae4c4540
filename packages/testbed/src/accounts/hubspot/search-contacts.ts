import { z } from 'zod'
import type { AccountAnswer } from '../server/account-request.js'
import type { Contact } from './contact-store.js'
import { invalid } from './hubspot-answers.js'
import { shownContact } from './shown-contact.js'

/** How far into its results a search can be paged. */
const searchCap = 10_000
const mostPerPage = 200
const mostGroups = 5
const mostFilters = 6
const mostFiltersInAll = 18

const text = z.union([z.string(), z.number()]).transform(String)
const filter = z.object({
  propertyName: z.string().default(''),
  operator: z.string(),
  value: text.default(''),
  highValue: text.default(''),
  values: z.array(text).default([]),
})
const sort = z.union([
  z.string().transform((name) => ({
    property: name.replace(/^-/, ''),
    descending: name.startsWith('-'),
  })),
  z
    .object({ propertyName: z.string(), direction: z.string().default('ASCENDING') })
    .transform(({ propertyName, direction }) => ({
      property: propertyName,
      descending: direction === 'DESCENDING',
    })),
])
const querySchema = z.object({
  filterGroups: z
    .array(z.object({ filters: z.array(filter).max(mostFilters) }))
    .max(mostGroups)
    .default([]),
  sorts: z.array(sort).max(1).default([]),
  limit: z.coerce.number().int().min(1).max(mostPerPage).default(10),
  after: z.coerce.number().int().min(0).default(0),
  properties: z.array(z.string()).default([]),
})

type Filter = z.infer<typeof filter>

type Query = {
  readonly groups: readonly (readonly Filter[])[]
  readonly sort: { readonly property: string; readonly descending: boolean } | null
  readonly limit: number
  readonly after: number
  readonly properties: readonly string[]
}

/** Answers a search over `contacts`, which are in the order of their creation. */
export function searchContacts(body: unknown, contacts: readonly Contact[]): AccountAnswer {
  const query = readQuery(body)
  if (typeof query === 'string') return invalid(query)
  if (query.after + query.limit > searchCap) {
    return invalid(
      `The requested page is beyond the ${searchCap} results that a search can be paged through.`,
    )
  }
  const found = contacts.filter((contact) => fits(contact, query.groups))
  const sorted = query.sort === null ? found : sortedBy(found, query.sort)
  const end = query.after + query.limit
  const page = sorted.slice(query.after, end)
  return {
    status: 200,
    body: {
      total: found.length,
      results: page.map((contact) => shownContact(contact, query.properties)),
      ...(end < found.length && { paging: { next: { after: String(end) } } }),
    },
  }
}

/** The query, or what is wrong with it. */
function readQuery(body: unknown): Query | string {
  const parsed = querySchema.safeParse(body)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return `Invalid input JSON: ${issue?.path.join('.')}: ${issue?.message}`
  }
  const { filterGroups, sorts, limit, after, properties } = parsed.data
  const groups = filterGroups.map(({ filters }) => filters)
  if (groups.flat().length > mostFiltersInAll)
    return `Invalid input JSON: filterGroups: at most ${mostFiltersInAll} filters in all`
  const unknown = groups.flat().find(({ operator }) => !Object.hasOwn(operators, operator))
  if (unknown !== undefined) return `Invalid operator: ${unknown.operator}`
  return { groups, sort: sorts[0] ?? null, limit, after, properties }
}

type Compare = (actual: string, filter: Filter) => boolean

const operators: Readonly<Record<string, Compare>> = {
  EQ: (actual, { value }) => compared(actual, value) === 0,
  NEQ: (actual, { value }) => compared(actual, value) !== 0,
  GT: (actual, { value }) => compared(actual, value) > 0,
  GTE: (actual, { value }) => compared(actual, value) >= 0,
  LT: (actual, { value }) => compared(actual, value) < 0,
  LTE: (actual, { value }) => compared(actual, value) <= 0,
  BETWEEN: (actual, { value, highValue }) =>
    compared(actual, value) >= 0 && compared(actual, highValue) <= 0,
  IN: (actual, { values }) => values.includes(actual),
  NOT_IN: (actual, { values }) => !values.includes(actual),
  HAS_PROPERTY: () => true,
  NOT_HAS_PROPERTY: () => false,
  CONTAINS_TOKEN: (actual, { value }) =>
    actual.toLowerCase().includes(value.replaceAll('*', '').toLowerCase()),
}

function fits(contact: Contact, groups: Query['groups']): boolean {
  return (
    groups.length === 0 || groups.some((filters) => filters.every((one) => holds(contact, one)))
  )
}

function holds({ properties }: Contact, filter: Filter): boolean {
  const actual = properties[filter.propertyName]
  if (actual === undefined || actual === null) return filter.operator === 'NOT_HAS_PROPERTY'
  return operators[filter.operator]?.(actual, filter) ?? false
}

/** Below, at or above 0, as numbers where both are; a time may be given in milliseconds or as ISO 8601. */
function compared(actual: string, value: string): number {
  const [a, b] = [comparable(actual), comparable(value)]
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return actual.localeCompare(value)
}

function comparable(text: string): number | string {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  if (/^\d{4}-\d\d-\d\d/.test(text)) return Date.parse(text)
  return text
}

function sortedBy(contacts: readonly Contact[], sort: NonNullable<Query['sort']>): Contact[] {
  const keyOf = ({ properties }: Contact) => properties[sort.property] ?? ''
  const keyed = contacts.map((contact) => ({ contact, key: comparable(keyOf(contact)) }))
  keyed.sort((a, b) => order(a.key, b.key))
  if (sort.descending) keyed.reverse()
  return keyed.map(({ contact }) => contact)
}

function order(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : Number(String(a) > String(b))
}
