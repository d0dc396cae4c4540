import { describe, expect, it } from 'vitest'
import createAction from '../actions/update-contact.js'

describe('harbor-crm update-contact', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'update-contact',
    Model: 'ActionOutput_harbor_crm_update_contact',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
