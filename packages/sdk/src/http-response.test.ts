import { describe, expect, it } from 'vitest'
import { errorForAnswer } from './http-error.js'
import { httpResponse } from './http-response.js'

const answer = (text: string, type = 'application/json', status = 200) => ({
  status,
  headers: { 'content-type': type },
  body: { encoding: 'utf8' as const, text },
})
const data = (...given: Parameters<typeof answer>) =>
  httpResponse('GET /x', answer(...given), undefined).data

describe('httpResponse', () => {
  it('parses JSON, also when it is not announced', () => {
    expect(data('{"a":1}')).toEqual({ a: 1 })
    expect(data('null')).toBeNull()
    expect(data('[1]', 'text/plain')).toEqual([1])
    expect(data('hello', 'text/plain')).toBe('hello')
    expect(data('', 'application/json', 204)).toBe('')
  })

  it('refuses a success that is cut off, and keeps an error that is', () => {
    expect(() => data('{"items":[{"id":1},{"i')).toThrow(/not valid JSON.*ending/)
    expect(data('<html>', 'application/json', 502)).toBe('<html>')
  })

  it('gives bytes, blobs, streams and text on request', async () => {
    const bytes = {
      ...answer('', 'image/png'),
      body: { encoding: 'base64' as const, text: '//4=' },
    }
    expect(httpResponse('c', bytes, 'arraybuffer').data).toEqual(Buffer.from([255, 254]))
    const blob = httpResponse('c', bytes, 'blob').data as Blob
    expect([blob.size, blob.type]).toEqual([2, 'image/png'])
    const chunks: Buffer[] = []
    const stream = httpResponse('c', bytes, 'stream').data as AsyncIterable<Buffer>
    for await (const chunk of stream) chunks.push(chunk)
    expect(Buffer.concat(chunks)).toEqual(Buffer.from([255, 254]))
    expect(httpResponse('c', answer('{"a":1}'), 'text').data).toBe('{"a":1}')
  })
})

describe('errorForAnswer', () => {
  it('has the shape that functions look at, and says what was answered', () => {
    const response = { status: 404, headers: { a: 'b' }, data: { message: 'No such item' } }
    const error = errorForAnswer('GET /x', response)
    expect(error).toMatchObject({
      status: 404,
      code: 'ERR_BAD_REQUEST',
      response,
      isAxiosError: true,
    })
    expect(error.message).toBe('GET /x was answered with status 404: {"message":"No such item"}')
  })

  it('bounds what it quotes', () => {
    const response = { status: 500, headers: {}, data: 'x'.repeat(10_000) }
    expect(errorForAnswer('GET /x', response).message.length).toBeLessThan(600)
  })
})
