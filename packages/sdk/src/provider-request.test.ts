import { describe, expect, it } from 'vitest'
import type { ProxyConfiguration } from './proxy-configuration.js'
import { providerRequest } from './provider-request.js'

const request = (config: Partial<ProxyConfiguration>) =>
  providerRequest({ endpoint: '/items', ...config }, 'POST')

describe('providerRequest', () => {
  it('has defaults for everything', async () => {
    expect(await request({})).toEqual({
      method: 'POST',
      endpoint: '/items',
      headers: {},
      query: [],
      body: null,
      retries: 0,
      retryOn: [],
      retryHeader: null,
      expectedStatus: [],
      connection: null,
    })
  })

  it('carries what the gateway retries by', async () => {
    const asked = {
      retries: 99,
      retryOn: [423],
      retryHeader: { after: 'x-wait' },
      expectedStatus: [404],
    }
    expect(await request(asked)).toMatchObject({ ...asked, retries: 10 })
    expect((await request({ retryOn: null })).retryOn).toEqual([])
  })

  it('writes params of every kind', async () => {
    const params = {
      list: ['a', 1, null],
      yes: true,
      none: undefined,
      nothing: null,
      zero: 0,
      f: { name: 'x' },
    }
    const expected = [
      ['list', 'a,1'],
      ['yes', 'true'],
      ['zero', '0'],
      ['f[name]', 'x'],
    ]
    expect((await request({ params })).query).toEqual(expected)
    expect((await request({ params: '?a=1&a=2' })).query).toEqual([
      ['a', '1'],
      ['a', '2'],
    ])
  })

  it('lower-cases header names and drops what is undefined', async () => {
    const headers = { 'X-Count': 3, 'X-None': undefined }
    expect((await request({ headers })).headers).toEqual({ 'x-count': '3' })
  })

  it('puts another base URL before the endpoint', async () => {
    const { endpoint } = await request({ baseUrlOverride: 'https://other.example/v1/' })
    expect(endpoint).toBe('https://other.example/v1/items')
  })

  it.each(['not a url', 'api.example.com', '/v2'])(
    'never takes another base URL for a part of the path: %s',
    async (baseUrlOverride) => {
      const { endpoint } = await request({ baseUrlOverride: '' })
      expect(endpoint).toBe('/items')
      const refused = { code: 'request-invalid', message: expect.stringContaining(baseUrlOverride) }
      await expect(request({ baseUrlOverride })).rejects.toMatchObject(refused)
    },
  )

  it('names another connection by both of its keys', async () => {
    const other = { connectionId: 'c2', providerConfigKey: 'slack' }
    expect((await request(other)).connection).toEqual({
      integrationKey: 'slack',
      connectionId: 'c2',
    })
    await expect(request({ connectionId: 'c2' })).rejects.toThrow(/only together/)
  })

  it('refuses what cannot be sent, with the value', async () => {
    const missing = { endpoint: undefined } as unknown as ProxyConfiguration
    await expect(providerRequest(missing, 'GET')).rejects.toMatchObject({ code: 'request-invalid' })
    await expect(request({ retries: -1 })).rejects.toThrow(/retries/)
  })

  it('leaves the configuration as it was', async () => {
    const config = { params: { a: [1] }, headers: { B: 'c' }, data: { d: { e: 1 } } }
    const before = structuredClone(config)
    await request(config)
    expect(config).toEqual(before)
  })
})

describe('bodies', () => {
  const form = 'application/x-www-form-urlencoded'
  it.each<[string, Partial<ProxyConfiguration>, [type: string, text: string]]>([
    ['an object as JSON', { data: { a: [1] } }, ['application/json', '{"a":[1]}']],
    ['text as it is', { data: 'hello' }, ['text/plain;charset=utf-8', 'hello']],
    [
      'text of a given type',
      { data: '<a/>', headers: { 'Content-Type': 'text/xml' } },
      ['text/xml', '<a/>'],
    ],
    [
      'a form',
      { data: { a: 1, b: { c: [true] } }, headers: { 'content-type': form } },
      [form, 'a=1&b%5Bc%5D%5B0%5D=true'],
    ],
    ['URLSearchParams', { data: new URLSearchParams({ q: 'ü' }) }, [form, 'q=%C3%BC']],
  ])('%s', async (_name, config, expected) => {
    const { headers, body } = await request(config)
    expect([headers['content-type'], body]).toEqual([
      expected[0],
      { encoding: 'utf8', text: expected[1] },
    ])
  })

  it('bytes as base64 where they are no text', async () => {
    const { body } = await request({ data: Buffer.from([0xff, 0xfe]) })
    expect(body).toEqual({ encoding: 'base64', text: '//4=' })
  })

  it('multipart with the same bytes for the same content', async () => {
    const data = { name: 'a"b', file: new Blob(['content'], { type: 'text/csv' }) }
    const config = { data, headers: { 'content-type': 'multipart/form-data' } }
    const first = await request(config)
    expect(await request(config)).toEqual(first)
    const boundary = /boundary=(.+)$/.exec(first.headers['content-type'] ?? '')?.[1] ?? 'none'
    const parsed = await new Response(first.body?.text ?? '', {
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    }).formData()
    expect(parsed.get('name')).toBe('a"b')
    const file = parsed.get('file') as File
    expect([file.type, await file.text()]).toEqual(['text/csv', 'content'])
  })

  it('FormData as it is', async () => {
    const data = new FormData()
    data.append('a', '1')
    data.append('f', new File(['x'], 'x.txt', { type: 'text/plain' }))
    const { body } = await request({ data })
    expect(body?.text).toMatch(/name="a"\r\n\r\n1\r\n/)
    expect(body?.text).toMatch(
      /name="f"; filename="x.txt"\r\ncontent-type: text\/plain\r\n\r\nx\r\n/,
    )
  })
})
