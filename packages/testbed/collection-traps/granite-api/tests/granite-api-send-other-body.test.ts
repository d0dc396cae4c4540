import { describe, expect, it } from 'vitest'
import createAction from '../actions/send-other-body.js'

describe('granite-api send-other-body', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'send-other-body',
    Model: 'ActionOutput_granite_api_send_other_body',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    expect(response).toEqual(await nangoMock.getOutput())
  })
})
