import { posix } from 'node:path'

/** The path relative to the workspace; null for one outside. Without a known root, absolute paths count as outside. */
export function insideWorkspace(path: string, root: string | null): string | null {
  if (path.startsWith('~') || path.includes('$')) return null
  const base = root ?? '/workspace'
  const relative = posix.relative(base, posix.resolve(base, path))
  return relative === '..' || relative.startsWith('../') ? null : relative
}

const own =
  /^(AGENTS\.md|interaction\.json|api\.md|opencode\.jsonc?|tsconfig.*\.json|package\.json)$/

/** True for a file of the workspace that an agent may read but not change. */
export function isProtected(relative: string): boolean {
  return (
    own.test(relative) ||
    /^(\.agents|\.opencode|node_modules)\//.test(relative) ||
    isFixture(relative)
  )
}

/** True for recordings, which only the gateway makes. */
export function isFixture(relative: string): boolean {
  return /\.test\.json$|(^|\/)(fixtures?|mocks?)\//.test(relative)
}
