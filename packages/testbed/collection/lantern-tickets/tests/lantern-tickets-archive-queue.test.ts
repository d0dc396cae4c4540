import { describe, expect, it } from 'vitest'
import createAction from '../actions/archive-queue.js'

describe('lantern-tickets archive-queue', () => {
  const nangoMock = new global.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'archive-queue',
    Model: 'ActionOutput_lantern_tickets_archive_queue',
  })

  it('answers as recorded', async () => {
    const input = await nangoMock.getInput()
    const response = await createAction.exec(nangoMock, input)
    const output = await nangoMock.getOutput()
    expect(response).toEqual(output)
  })
})
