import { NangoActionMock, NangoSyncMock } from 'nango/test'
import { vi } from 'vitest'

/** A first execution: nothing was ever saved. Tests that resume say so themselves. */
class FreshSyncMock extends NangoSyncMock {
  constructor(options: ConstructorParameters<typeof NangoSyncMock>[0]) {
    super(options)
    this.getCheckpoint = vi.fn(async () => undefined)
    this.saveCheckpoint = vi.fn(async () => undefined)
    this.clearCheckpoint = vi.fn(async () => undefined)
  }
}

globalThis.vitest = { NangoActionMock, NangoSyncMock: FreshSyncMock }
