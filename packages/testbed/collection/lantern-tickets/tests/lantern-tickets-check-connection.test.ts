import { describe, expect, it } from 'vitest'
import createOnEvent from '../on-events/check-connection.js'

describe('lantern-tickets check-connection', () => {
  it('runs as recorded', async () => {
    const nangoMock = new global.vitest.NangoActionMock({
      dirname: __dirname,
      name: 'check-connection',
      Model: '',
    })
    await createOnEvent.exec(nangoMock)
    expect(nangoMock.log).toHaveBeenCalled()
  })
})
