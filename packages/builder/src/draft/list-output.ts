import { isCursorName } from './paging-inputs.js'
import type { ShapeField } from './shape.js'

/** What a list action returns: the names of the list and of the next cursor, and the members of the items. */
export type ListOutput = {
  readonly items: string
  /** Null where the brief has no place for a cursor: then every page is read. */
  readonly cursor: string | null
  /** The members a brief asks of each item; null for the useful ones. */
  readonly asked: readonly ShapeField[] | null
  /** Members that hold the number of items. */
  readonly counts: readonly string[]
}

export function listOutput(asked: readonly ShapeField[] | null): ListOutput {
  if (asked === null) return { items: 'items', cursor: 'nextCursor', asked: null, counts: [] }
  const list = asked.find(({ shape }) => shape.kind === 'array')
  if (list === undefined) return { items: 'items', cursor: null, asked: null, counts: [] }
  const cursor = asked.find(({ name, shape }) => isCursorName(name) && shape.kind === 'string')
  const counts = asked.filter(
    ({ name, required }) => required && /^(total|count|size|length)/i.test(name),
  )
  const items = list.shape.kind === 'array' ? list.shape.items : null
  return {
    items: list.name,
    cursor: cursor?.name ?? null,
    asked: items?.kind === 'object' ? items.fields : null,
    counts: counts.map(({ name }) => name),
  }
}
