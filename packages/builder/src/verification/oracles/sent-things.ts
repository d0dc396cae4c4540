import type { Call } from './rehearsal.js'
import { jsonOf } from './response-leaves.js'

/** The things that a call sent in one list, the longest of its body; empty for a call that sent one thing. */
export function sentThings({ asked }: Call): readonly unknown[] {
  const { body } = asked.request
  return body?.encoding === 'utf8' ? longestList(jsonOf(body)) : []
}

function longestList(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  const own: readonly unknown[] = Array.isArray(value) ? value : []
  return Object.values(value)
    .map(longestList)
    .reduce((longest, one) => (one.length > longest.length ? one : longest), own)
}
