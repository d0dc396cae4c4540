import { describe, expect, it } from 'vitest'
import createAction from '../actions/list-fields.js'

describe('orchard-hr list-fields', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'list-fields',
    Model: 'ActionOutput_orchard_hr_list_fields',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
