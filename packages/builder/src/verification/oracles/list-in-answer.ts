import { jsonOf } from './response-leaves.js'
import type { LeafPath } from './leaves.js'

/** The list an answer is about: where it stands, and what is in it. */
export type AnswerList = {
  readonly whole: unknown
  readonly path: LeafPath
  readonly items: readonly unknown[]
}

const deepest = 4

/** The longest list of objects in a JSON body; null when there is none. */
export function listIn(body: {
  readonly encoding: string
  readonly text: string
}): AnswerList | null {
  const whole = jsonOf(body)
  const lists = listsOf(whole, []).sort((a, b) => b.items.length - a.items.length)
  const [longest] = lists
  return longest ? { whole, ...longest } : null
}

type Found = { readonly path: LeafPath; readonly items: readonly unknown[] }

function listsOf(value: unknown, path: LeafPath): Found[] {
  if (typeof value !== 'object' || value === null || path.length > deepest) return []
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    const isList =
      items.length > 0 && items.every((item) => typeof item === 'object' && item !== null)
    return isList ? [{ path, items }] : []
  }
  return Object.entries(value).flatMap(([name, member]) => listsOf(member, [...path, name]))
}

/** The JSON with another value at `path`; objects on the way are made where they are missing. */
export function withAt(whole: unknown, path: LeafPath, value: unknown): unknown {
  const [first, ...rest] = path
  if (first === undefined) return value
  if (Array.isArray(whole)) {
    return whole.map((item: unknown, at) => (at === first ? withAt(item, rest, value) : item))
  }
  const object = typeof whole === 'object' && whole !== null ? whole : {}
  return { ...object, [first]: withAt(Reflect.get(object, first), rest, value) }
}
