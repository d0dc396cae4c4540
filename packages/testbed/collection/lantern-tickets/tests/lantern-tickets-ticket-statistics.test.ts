import { describe, expect, it } from 'vitest'
import createAction from '../actions/ticket-statistics.js'

describe('lantern-tickets ticket-statistics', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'ticket-statistics',
    Model: 'ActionOutput_lantern_tickets_ticket_statistics',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
