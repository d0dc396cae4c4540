import { describe, expect, test } from 'vitest'
import action from '../actions/ping.js'

describe('lantern-tickets ping', () => {
  test('asks once and answers nothing', async () => {
    const nangoMock = new globalThis.vitest.NangoActionMock({
      dirname: __dirname,
      name: 'ping',
      Model: 'ActionOutput_lantern_tickets_ping',
    })
    await expect(action.exec(nangoMock, undefined)).resolves.toBeUndefined()
    expect(nangoMock.get).toHaveBeenCalledOnce()
    expect(nangoMock.get).toHaveBeenCalledWith({ endpoint: '/api/ping' })
  })
})
