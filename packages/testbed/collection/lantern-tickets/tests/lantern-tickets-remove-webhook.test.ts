import { describe, expect, it } from 'vitest'
import createOnEvent from '../on-events/remove-webhook.js'

describe('lantern-tickets remove-webhook', () => {
  it('runs as recorded', async () => {
    const nangoMock = new global.vitest.NangoActionMock({
      dirname: __dirname,
      name: 'remove-webhook',
      Model: '',
    })
    await createOnEvent.exec(nangoMock)
    expect(nangoMock.log).toHaveBeenCalled()
  })
})
