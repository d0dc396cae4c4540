type Members = Record<string, unknown>

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null
}

/** The value at `path` (`data.items`, `pages.0.id`), or undefined. */
export function valueAt(value: unknown, path: string): unknown {
  if (isMembers(value) && Object.hasOwn(value, path)) return value[path]
  let current = value
  for (const key of path.split('.')) {
    if (!isMembers(current) || !Object.hasOwn(current, key)) return undefined
    current = current[key]
  }
  return current
}

/** A copy of `object` with `value` at `path`; neither argument is changed. */
export function withValueAt(object: unknown, path: string, value: unknown): Members {
  const [key = '', ...rest] = path.split('.')
  const members = isMembers(object) ? object : {}
  const inner = rest.length === 0 ? value : withValueAt(members[key], rest.join('.'), value)
  return { ...members, [key]: inner }
}
