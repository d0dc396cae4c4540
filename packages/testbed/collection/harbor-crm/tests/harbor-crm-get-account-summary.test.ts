import { describe, expect, it } from 'vitest'
import createAction from '../actions/get-account-summary.js'

describe('harbor-crm get-account-summary', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'get-account-summary',
    Model: 'ActionOutput_harbor_crm_get_account_summary',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
