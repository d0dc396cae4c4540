import { describe, expect, it } from 'vitest'
import createAction from '../actions/download-message.js'

describe('petrel-mail download-message', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'download-message',
    Model: 'ActionOutput_petrel_mail_download_message',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
