import { describe, expect, it } from 'vitest'
import createAction from '../actions/read-refused.js'

describe('granite-api read-refused', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'read-refused',
    Model: 'ActionOutput_granite_api_read_refused',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    expect(response).toEqual(await nangoMock.getOutput())
  })
})
