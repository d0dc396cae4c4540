/**
 * JSON text with sorted keys and no white space, so that equal values give equal bytes.
 * `undefined` members are left out, as `JSON.stringify` does.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value)) ?? 'null'
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value instanceof Date) return value.toJSON()
  const given = value as Readonly<Record<string, unknown>>
  const sorted: Record<string, unknown> = {}
  // Every record of every sync comes by here: lists of entries take twice as long.
  for (const key of Object.keys(given).sort()) {
    if (key === '__proto__') defineMember(sorted, key, sortKeys(given[key]))
    else sorted[key] = sortKeys(given[key])
  }
  return sorted
}

/** A member of its own, where an assignment would set the prototype. */
function defineMember(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true })
}
