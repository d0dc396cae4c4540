import { describe, expect, it } from 'vitest'
import createAction from '../actions/replace-contact.js'

describe('harbor-crm replace-contact', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'replace-contact',
    Model: 'ActionOutput_harbor_crm_replace_contact',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
