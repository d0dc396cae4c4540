import * as testing from '@plumb/sdk/testing'
import type { CompatPagination } from '@plumb/sdk/testing'

/** Pagination options by the provider's name. */
export type PaginationDefaults = Readonly<Record<string, CompatPagination>>

type Mocks = {
  readonly NangoActionMock: typeof testing.NangoActionMock
  readonly NangoSyncMock: typeof testing.NangoSyncMock
}

/** The compat mocks, which know the pagination of providers by the name of the integration's folder. */
export function catalogMocks(defaults: PaginationDefaults): Mocks {
  const defaultOf = (name: string) => (Object.hasOwn(defaults, name) ? defaults[name] : null)
  class NangoActionMock extends testing.NangoActionMock {
    protected override defaultPagination(name: string): CompatPagination | null {
      return defaultOf(name) ?? null
    }
  }
  class NangoSyncMock extends testing.NangoSyncMock {
    protected override defaultPagination(name: string): CompatPagination | null {
      return defaultOf(name) ?? null
    }
  }
  return { NangoActionMock, NangoSyncMock }
}
