import { describe, expect, it, vi } from 'vitest'
import createAction from '../actions/upload-attachment.js'

const input = { name: 'a b.txt', base64: Buffer.from('hello').toString('base64') }

const open = (answer: () => Response) => {
  const nangoMock = new globalThis.vitest.NangoActionMock({
    dirname: __dirname,
    name: 'upload-attachment',
    Model: 'ActionOutput_petrel_mail_uploadattachment',
  })
  nangoMock.getToken = vi.fn().mockResolvedValue('secret')
  nangoMock.uncontrolledFetch = vi.fn(async () => answer())
  return nangoMock
}

describe('petrel-mail upload-attachment', () => {
  it('sends the bytes with the token', async () => {
    const nangoMock = open(() => Response.json({ id: 'att-1' }, { status: 201 }))
    expect(await createAction.exec(nangoMock, input)).toStrictEqual({ id: 'att-1', bytes: 5 })
    const [options] = nangoMock.uncontrolledFetch.mock.calls[0]
    expect(options.url.href).toBe('https://upload.petrel.example/v1/a%20b.txt')
    expect(options.headers).toMatchObject({ Authorization: 'Bearer secret' })
    expect(Buffer.isBuffer(options.body)).toBe(true)
  })

  it('says when the upload was refused', async () => {
    const nangoMock = open(() => new Response('no', { status: 413 }))
    await expect(createAction.exec(nangoMock, input)).rejects.toMatchObject({
      payload: { type: 'upload_failed', status: 413 },
    })
  })

  it('needs a token', async () => {
    const nangoMock = open(() => Response.json({}))
    nangoMock.getToken.mockResolvedValueOnce({ apiKey: 'x' })
    await expect(createAction.exec(nangoMock, input)).rejects.toBeInstanceOf(nangoMock.ActionError)
    expect(nangoMock.uncontrolledFetch).not.toHaveBeenCalled()
  })
})
