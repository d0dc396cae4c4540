import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import createAction from '../actions/close-month.js'

describe('quarry-billing close-month', () => {
  let nangoMock

  beforeEach(() => {
    nangoMock = new global.vitest.NangoActionMock({
      dirname: __dirname,
      name: 'close-month',
      Model: 'ActionOutput_quarry_billing_closemonth',
    })
    nangoMock.connectionId = 'conn-1'
    nangoMock.tryAcquireLock = vi.fn().mockResolvedValueOnce(true).mockResolvedValue(false)
    nangoMock.releaseLock = vi.fn().mockResolvedValue(true)
    nangoMock.getEnvironmentVariables = vi.fn(async () => [{ name: 'CLOSED_BY', value: 'bot' }])
    nangoMock.getMetadata.mockResolvedValue({ closed: ['2026-01'] })
    nangoMock.post.mockImplementation(async () => ({ data: '', status: 204, headers: {} }))
    nangoMock.setMetadata = vi.fn()
    nangoMock.saveCheckpoint = vi.fn()
    nangoMock.triggerAction = vi.fn().mockResolvedValue({ rows: 3 })
    nangoMock.triggerSync = vi.fn()
    nangoMock.startSync = vi.fn()
  })

  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('closes the month once', async () => {
    const first = await createAction.exec(nangoMock, { month: '2026-02' })
    const second = await createAction.exec(nangoMock, { month: '2026-02' })
    expect(first).toEqual({ closed: true, rollup: { rows: 3 } })
    expect(second).toEqual({ closed: false, rollup: null })
    expect(nangoMock.post).toHaveBeenCalledTimes(1)
    expect(nangoMock.setMetadata).toHaveBeenCalledWith({
      closed: ['2026-01', '2026-02'],
      by: 'bot',
    })
    expect(nangoMock.startSync).toHaveBeenCalledWith(
      nangoMock.providerConfigKey,
      expect.arrayContaining(['invoices', expect.objectContaining({ variant: 'eu' })]),
    )
    expect(nangoMock.releaseLock).toHaveBeenCalledOnce()
  })

  it.each(['2026-02', '2026-03'])('passes on what the account refuses for %s', async (month) => {
    nangoMock.post.mockRejectedValueOnce(new Error('Request failed with status code 500'))
    await expect(createAction.exec(nangoMock, { month })).rejects.toThrow(/status code 500/)
    expect(nangoMock.setMetadata).not.toHaveBeenCalled()
  })
})
