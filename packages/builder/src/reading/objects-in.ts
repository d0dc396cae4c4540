export type PlainObject = Readonly<Record<string, unknown>>

const deepest = 8

/** Every object in a JSON value, however deep, the value itself included; arrays are gone through. */
export function objectsIn(value: unknown, depth = 0): PlainObject[] {
  if (typeof value !== 'object' || value === null || depth > deepest) return []
  const inner = Object.values(value).flatMap((one) => objectsIn(one, depth + 1))
  return Array.isArray(value) ? inner : [value as PlainObject, ...inner]
}
