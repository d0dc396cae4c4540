import { describe, expect, it } from 'vitest'
import createAction from '../actions/create-employee.js'

describe('orchard-hr create-employee', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'create-employee',
    Model: 'ActionOutput_orchard_hr_create_employee',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
