import { describe, expect, it } from 'vitest'
import createAction from '../actions/account-tree.js'

describe('quarry-billing account-tree', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'account-tree',
    Model: 'ActionOutput_quarry_billing_account_tree',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
