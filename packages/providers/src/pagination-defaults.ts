import { fileURLToPath } from 'node:url'
import type { Pagination } from '@plumb/protocol'
import type { LoadedProvider } from './loaded-provider.js'

/** JSON with what `paginationDefaults` gives for the built-in catalog: for processes that start often. */
export const paginationDefaultsFile = fileURLToPath(
  new URL('../pagination-defaults.json', import.meta.url),
)

/** Every provider that has a pagination of its own, by name. */
export function paginationDefaults(
  providers: ReadonlyMap<string, LoadedProvider>,
): Record<string, Pagination> {
  const all = [...providers].flatMap(([name, { provider }]) =>
    provider.proxy.paginate === undefined ? [] : [[name, provider.proxy.paginate] as const],
  )
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))
}
