import { afterEach, describe, expect, it, vi } from 'vitest'
import createSync from '../syncs/folders.js'

describe('petrel-mail folders', () => {
  const models = 'Folder'.split(',')

  const open = () => {
    const nangoMock = new global.vitest.NangoSyncMock({
      dirname: __dirname,
      name: 'folders',
      Model: 'Folder',
    })
    return {
      nangoMock,
      saves: vi.spyOn(nangoMock, 'batchSave'),
      deletes: vi.spyOn(nangoMock, 'batchDelete'),
    }
  }

  afterEach(() => {
    vi.clearAllMocks()
    vi.restoreAllMocks()
  })

  it('saves the recorded rows', async () => {
    const { nangoMock, saves } = open()
    await createSync.exec(nangoMock)
    for (const model of models) {
      const expected = await nangoMock.getBatchSaveData(model)
      const rows = saves.mock.calls.flatMap((call) => (call[1] === model ? call[0] : []))
      expect(JSON.parse(JSON.stringify(rows))).toStrictEqual(expected)
    }
  })

  it('deletes the recorded rows', async () => {
    const { nangoMock, deletes } = open()
    await createSync.exec(nangoMock)
    for (const model of models) {
      const expected = await nangoMock.getBatchDeleteData(model)
      if (!expected || expected.length === 0) continue
      const rows = deletes.mock.calls.flatMap((call) => (call[1] === model ? call[0] : []))
      expect(JSON.parse(JSON.stringify(rows))).toStrictEqual(expected)
    }
  })
})
