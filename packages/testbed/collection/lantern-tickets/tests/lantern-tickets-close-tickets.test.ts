import { describe, expect, it } from 'vitest'
import createAction from '../actions/close-tickets.js'

describe('lantern-tickets close-tickets', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'close-tickets',
    Model: 'ActionOutput_lantern_tickets_close_tickets',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
