import { listIn, withAt } from './list-in-answer.js'
import { namesErrors, softFailure } from './soft-error.js'
import type { SoftError } from './soft-error.js'

type Members = Readonly<Record<string, unknown>>

/** Nothing at all, no root, one thing less than was asked for, or a payload with errors of its own: GraphQL knows them all. */
export function graphErrors(whole: Members): SoftError[] {
  const errors = [{ message: 'Forbidden', extensions: { code: 'FORBIDDEN' } }]
  const refused = payloadErrors(whole['data'])
  const told = (data: unknown): string => JSON.stringify({ data, errors })
  return [
    { body: told(null), text: '200 with the errors of GraphQL', sure: true },
    ...partsOf(whole).map((data) => {
      const text = '200 with the errors of GraphQL beside a part of the data'
      return { body: told(data), text, sure: true }
    }),
    ...(refused === undefined
      ? []
      : [
          {
            body: JSON.stringify({ data: refused }),
            text: '200 with errors in the data',
            sure: true,
          },
        ]),
  ]
}

function partsOf(whole: Members): unknown[] {
  const { data } = whole
  if (typeof data !== 'object' || data === null) return []
  const rootless = Object.fromEntries(Object.keys(data).map((name) => [name, null]))
  const list = listIn({ encoding: 'utf8', text: JSON.stringify(data) })
  if (list === null) return [rootless]
  return [rootless, withAt(data, list.path, [...list.items.slice(0, -1), null])]
}

/** `{ created: null, userErrors: [...] }` for what said `userErrors: []`; undefined where nothing says that. */
function payloadErrors(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entries: (readonly [string, unknown])[] = Object.entries(value)
  if (entries.some(isNoErrors)) return Object.fromEntries(entries.map(refusedMember))
  const changed = entries.flatMap(([name, own]) => {
    const other = payloadErrors(own)
    return other === undefined ? [] : [[name, other] as const]
  })
  return changed.length === 0 ? undefined : { ...value, ...Object.fromEntries(changed) }
}

function isNoErrors([name, value]: readonly [string, unknown]): boolean {
  return namesErrors(name) && Array.isArray(value) && value.length === 0
}

function refusedMember(member: readonly [string, unknown]): readonly [string, unknown] {
  const [name, value] = member
  if (isNoErrors(member)) return [name, [softFailure]]
  return [name, typeof value === 'object' ? null : value]
}
