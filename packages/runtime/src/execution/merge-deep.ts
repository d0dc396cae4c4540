import type { Json, JsonObject } from '@plumb/protocol'

/** `changes` over `base`: objects are merged, everything else (lists too) is replaced. */
export function mergeDeep(base: JsonObject, changes: JsonObject): JsonObject {
  const merged = new Map<string, Json>(Object.entries(base))
  for (const [key, change] of Object.entries(changes)) {
    const before = merged.get(key)
    const both = isObject(before) && isObject(change)
    merged.set(key, both ? mergeDeep(before, change) : change)
  }
  return Object.fromEntries(merged)
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
