import { describe, expect, it } from 'vitest'
import createAction from '../actions/create-invoice.js'

describe('quarry-billing create-invoice', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'create-invoice',
    Model: 'ActionOutput_quarry_billing_create_invoice',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
