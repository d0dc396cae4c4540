import { describe, expect, it } from 'vitest'
import createAction from '../actions/list-threads.js'

describe('petrel-mail list-threads', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'list-threads',
    Model: 'ActionOutput_petrel_mail_list_threads',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
