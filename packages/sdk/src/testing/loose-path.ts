type Members = Record<string, unknown>

/** The value at `path` (`a.b`, `a[0].b`, or a member that is named like the whole path), or undefined. */
export function atPath(value: unknown, path: string): unknown {
  if (isMembers(value) && path in value) return value[path]
  let current = value
  for (const key of keysOf(path)) {
    if (!isMembers(current)) return undefined
    current = current[key]
  }
  return current
}

/** Sets the value at `path` in `object` itself, with the objects on the way; returns `object`. */
export function setAtPath(object: unknown, path: string, value: unknown): unknown {
  if (!isMembers(object)) return object
  const keys = keysOf(path)
  const last = keys.pop() ?? path
  let current: Members = object
  for (const key of keys) {
    const inner = current[key]
    if (isMembers(inner)) {
      current = inner
      continue
    }
    const created: Members = {}
    current[key] = created
    current = created
  }
  current[last] = value
  return object
}

function keysOf(path: string): string[] {
  return path
    .replace(/\[(?:"([^"]*)"|'([^']*)'|([^\]]*))\]/g, '.$1$2$3')
    .split('.')
    .filter((key) => key !== '')
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}
