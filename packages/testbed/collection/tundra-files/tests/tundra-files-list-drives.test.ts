import { describe, expect, it } from 'vitest'
import createAction from '../actions/list-drives.js'

describe('tundra-files list-drives', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'list-drives',
    Model: 'ActionOutput_tundra_files_list_drives',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
