import { describe, expect, it } from 'vitest'
import createAction from '../actions/list-contacts.js'

describe('harbor-crm list-contacts', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'list-contacts',
    Model: 'ActionOutput_harbor_crm_list_contacts',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
