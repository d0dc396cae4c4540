import { describe, expect, it } from 'vitest'
import createAction from '../actions/ask-twice.js'

describe('granite-api ask-twice', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'ask-twice',
    Model: 'ActionOutput_granite_api_ask_twice',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    expect(response).toEqual(await nangoMock.getOutput())
  })
})
