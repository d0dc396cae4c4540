import { describe, expect, it } from 'vitest'
import createAction from '../actions/create-ticket.js'

describe('lantern-tickets create-ticket', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'create-ticket',
    Model: 'ActionOutput_lantern_tickets_create_ticket',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
