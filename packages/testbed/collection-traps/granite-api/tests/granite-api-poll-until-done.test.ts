import { describe, expect, it } from 'vitest'
import createAction from '../actions/poll-until-done.js'

describe('granite-api poll-until-done', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'poll-until-done',
    Model: 'ActionOutput_granite_api_poll_until_done',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    expect(response).toEqual(await nangoMock.getOutput())
  })
})
