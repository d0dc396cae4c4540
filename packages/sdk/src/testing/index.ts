export { NangoActionMock } from './action-mock.js'
export type { MockOptions } from './action-mock.js'
export { NangoSyncMock } from './sync-mock.js'
export type { CompatPagination } from './compat-pages.js'
