import { describe, expect, it } from 'vitest'
import createAction from '../actions/send-message.js'

describe('petrel-mail send-message', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'send-message',
    Model: 'ActionOutput_petrel_mail_send_message',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
