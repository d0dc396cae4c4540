import { describe, expect, it } from 'vitest'
import createOnEvent from '../on-events/register-webhook.js'

describe('harbor-crm register-webhook', () => {
  it('runs as recorded', async () => {
    const nangoMock = new global.vitest.NangoActionMock({
      dirname: __dirname,
      name: 'register-webhook',
      Model: '',
    })
    await createOnEvent.exec(nangoMock)
    expect(nangoMock.updateMetadata).toHaveBeenCalledWith({ webhookId: 'wh_7' })
  })
})
