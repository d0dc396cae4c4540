import { describe, expect, it } from 'vitest'
import createAction from '../actions/move-file.js'

describe('tundra-files move-file', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'move-file',
    Model: 'ActionOutput_tundra_files_move_file',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
