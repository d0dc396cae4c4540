import { describe, expect, it } from 'vitest'
import createAction from '../actions/pay-invoice.js'

describe('quarry-billing pay-invoice', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'pay-invoice',
    Model: 'ActionOutput_quarry_billing_pay_invoice',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
