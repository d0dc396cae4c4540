import { describe, expect, it, vi } from 'vitest'
import createAction from '../actions/who-am-i.js'

describe('tundra-files who-am-i', () => {
  const open = (credentials: unknown) => {
    const nangoMock = new global.vitest.NangoActionMock({
      dirname: __dirname,
      name: 'who-am-i',
      Model: 'ActionOutput_tundra_files_whoami',
    })
    return Object.assign(nangoMock, {
      connectionId: 'c9',
      getIntegration: vi.fn().mockResolvedValue({ provider: 'tundra', credentials }),
      getToken: vi.fn().mockResolvedValue({ access_token: 't' }),
    })
  }

  it('names application and connection', async () => {
    const nangoMock = open({ type: 'OAUTH2', client_id: 'app-1', client_secret: 's' })
    await expect(createAction.exec(nangoMock, undefined)).resolves.toEqual({
      application: 'app-1',
      provider: 'tundra',
      connection: expect.stringMatching(/\/c9$/),
      kind: 'parts',
    })
    expect(nangoMock.getIntegration).toHaveBeenCalledWith({ include: ['credentials'] })
  })

  it('needs a client id', async () => {
    await expect(createAction.exec(open(undefined), undefined)).rejects.toThrow()
  })
})
