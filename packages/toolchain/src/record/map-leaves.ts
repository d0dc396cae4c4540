import type { Json } from '@plumb/protocol'
import type { Field } from './personal-keys.js'

export type LeafMap = {
  leaf(value: string | number, field: Field): Json
  /** Names of members; left alone when not given. */
  key?(name: string): string
}

/** The value with every text and number replaced by what `map` makes of it in its place. */
export function mapLeaves(value: Json, field: Field, map: LeafMap): Json {
  if (typeof value === 'string' || typeof value === 'number') return map.leaf(value, field)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const inner = { ...field, parent: field.key }
    return (value as readonly Json[]).map((member) =>
      mapLeaves(member, isObject(member) ? field : inner, map),
    )
  }
  const siblings = Object.keys(value)
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      map.key?.(key) ?? key,
      mapLeaves(member, { key, parent: field.key, siblings }, map),
    ]),
  )
}

function isObject(value: Json): boolean {
  return typeof value === 'object' && value !== null
}

/** JSON inside a text, or undefined where there is none. */
export function jsonInText(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
