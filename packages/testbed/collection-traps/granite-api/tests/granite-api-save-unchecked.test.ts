import { describe, expect, it, vi } from 'vitest'
import createSync from '../syncs/save-unchecked.js'

describe('granite-api save-unchecked', () => {
  it('saves the recorded rows', async () => {
    const nangoMock = new global.vitest.NangoSyncMock({
      dirname: __dirname,
      name: 'save-unchecked',
      Model: 'Thing',
    })
    const saves = vi.spyOn(nangoMock, 'batchSave')
    await createSync.exec(nangoMock)
    expect(saves.mock.calls.flatMap(([rows]) => rows)).toEqual(
      await nangoMock.getBatchSaveData('Thing'),
    )
  })
})
