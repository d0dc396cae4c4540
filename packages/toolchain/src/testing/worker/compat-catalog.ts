import type { CompatPagination } from '@plumb/sdk/testing'
import type { PaginationDefaults, PaginationOf } from './catalog-mocks.js'

type Provider = { readonly proxy?: { readonly paginate?: CompatPagination } }
type Providers = Readonly<Record<string, Provider>>

/**
 * The provider catalog in the form that setup files of existing projects read and add names to, and the pagination it
 * holds afterwards.
 */
export function compatCatalog(defaults: PaginationDefaults): {
  readonly paginationOf: PaginationOf
  readonly module: object
} {
  const entries = Object.entries(defaults).map(([name, paginate]) => [
    name,
    { proxy: { paginate } },
  ])
  let providers = Object.fromEntries(entries) as Providers
  const getProvider = (name: string) =>
    Object.hasOwn(providers, name) ? providers[name] : undefined
  return {
    paginationOf: (name) => getProvider(name)?.proxy?.paginate ?? null,
    module: {
      getProviders: () => ({ ...providers }),
      getProvider,
      updateProviderCache: (next: Providers) => {
        providers = { ...providers, ...next }
      },
    },
  }
}
