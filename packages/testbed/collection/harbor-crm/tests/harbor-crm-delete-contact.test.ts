import { describe, expect, it } from 'vitest'
import createAction from '../actions/delete-contact.js'

describe('harbor-crm delete-contact', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'delete-contact',
    Model: 'ActionOutput_harbor_crm_delete_contact',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
