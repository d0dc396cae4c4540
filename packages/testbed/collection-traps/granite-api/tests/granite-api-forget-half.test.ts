import { describe, expect, it } from 'vitest'
import createAction from '../actions/forget-half.js'

describe('granite-api forget-half', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'forget-half',
    Model: 'ActionOutput_granite_api_forget_half',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    expect(response).toEqual(await nangoMock.getOutput())
  })
})
