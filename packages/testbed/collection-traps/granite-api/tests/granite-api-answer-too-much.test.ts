import { describe, expect, it } from 'vitest'
import createAction from '../actions/answer-too-much.js'

describe('granite-api answer-too-much', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'answer-too-much',
    Model: 'ActionOutput_granite_api_answer_too_much',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    expect(response).toEqual(await nangoMock.getOutput())
  })
})
