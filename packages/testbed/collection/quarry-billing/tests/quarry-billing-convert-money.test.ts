import { describe, expect, it } from 'vitest'
import createAction from '../actions/convert-money.js'

describe('quarry-billing convert-money', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'convert-money',
    Model: 'ActionOutput_quarry_billing_convert_money',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
