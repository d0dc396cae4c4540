import * as testing from '@plumb/sdk/testing'
import type { CompatPagination } from '@plumb/sdk/testing'

/** Pagination options by the provider's name. */
export type PaginationDefaults = Readonly<Record<string, CompatPagination>>

/** The default of a provider; null when there is none. */
export type PaginationOf = (provider: string) => CompatPagination | null

type Mocks = {
  readonly NangoActionMock: typeof testing.NangoActionMock
  readonly NangoSyncMock: typeof testing.NangoSyncMock
}

/**
 * The compat mocks, which know the pagination of providers by the name of the integration's folder. What a test patches
 * into the one of actions is found in that of syncs, as everywhere.
 */
export function catalogMocks(paginationOf: PaginationOf): Mocks {
  class NangoActionMock extends testing.NangoActionMock {
    protected override defaultPagination(name: string): CompatPagination | null {
      return paginationOf(name)
    }
  }
  class NangoSyncMock extends testing.syncMockOn(NangoActionMock) {}
  return { NangoActionMock, NangoSyncMock }
}
