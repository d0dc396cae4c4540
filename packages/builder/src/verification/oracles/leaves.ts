export type LeafPath = readonly (string | number)[]
export type LeafValue = string | number | boolean | null
export type Leaf = { readonly path: LeafPath; readonly value: LeafValue }

/** Every text, number, boolean and null of a JSON value, with its path. */
export function leavesOf(value: unknown, path: LeafPath = []): Leaf[] {
  if (isLeaf(value)) return [{ path, value }]
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]))
}

/** A leaf that is taken out of its object (or its list). */
export const removed: unique symbol = Symbol('removed')

/** The value with every leaf replaced by what `change` gives for it. */
export function mapLeaves(
  value: unknown,
  change: (leaf: Leaf) => LeafValue | typeof removed,
  path: LeafPath = [],
): unknown {
  if (isLeaf(value)) return change({ path, value })
  if (Array.isArray(value)) {
    return value
      .map((item, index) => mapLeaves(item, change, [...path, index]))
      .filter((item) => item !== removed)
  }
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(
    ([name, member]) => [name, mapLeaves(member, change, [...path, name])] as const,
  )
  return Object.fromEntries(members.filter(([, member]) => member !== removed))
}

/** The path with `*` for every position in a list, so that items of a list share it. */
export function shapeOf(path: LeafPath): string {
  return path.map((step) => (typeof step === 'number' ? '*' : step)).join('.')
}

/** The same for a path that is a text already. */
export function shapeOfText(path: string): string {
  return path.replace(/(^|\.)\d+(?=\.|$)/g, '$1*')
}

export function pathText(path: LeafPath): string {
  return path.join('.') || '(all of it)'
}

/** The last name of a path, in lower case without `_` and `-`. */
export function leafName(path: LeafPath | string): string {
  const steps = typeof path === 'string' ? path.split('.') : path
  const names = steps.filter((step) => typeof step === 'string' && step !== '*')
  return normalName(String(names.at(-1) ?? ''))
}

function normalName(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase()
}

function isLeaf(value: unknown): value is LeafValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}
