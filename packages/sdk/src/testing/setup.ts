import { NangoActionMock } from './action-mock.js'
import { NangoSyncMock } from './sync-mock.js'

/** Generated tests find the mocks here. */
Object.assign(globalThis, { vitest: { NangoActionMock, NangoSyncMock } })
