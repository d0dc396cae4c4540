import type { OutsideRequest } from '@plumb/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openReplayGateway } from './open-replay-gateway.js'
import { recordingsFromReceipts } from './recordings.js'
import { openTestGateway } from './testing/open-test-gateway.js'
import type { ConnectOptions, TestGateway } from './testing/open-test-gateway.js'
import type { PreparedRequest, Transport, TransportAnswer } from './transport.js'

let test: TestGateway

beforeAll(async () => {
  test = await openTestGateway()
})

afterAll(async () => {
  await test?.close()
})

type Answers = (request: PreparedRequest) => { status: number; headers?: object; text?: string }

/** A transport in place of the public network. */
function network(answers: Answers): Transport & { readonly sent: PreparedRequest[] } {
  const sent: PreparedRequest[] = []
  return {
    sent,
    send: async (request): Promise<TransportAnswer> => {
      sent.push(request)
      const { status, headers = {}, text = '' } = answers(request)
      return { kind: 'response', status, headers: { ...headers }, body: Buffer.from(text) }
    },
  }
}

const ask = (url: string, o: Partial<OutsideRequest> = {}): OutsideRequest => ({
  ...{ url, method: 'GET', headers: {}, body: null },
  ...o,
})

async function open(answers: Answers, o: ConnectOptions = {}) {
  const transport = network(answers)
  const gateway = await test.connect({ ...o, gateway: { transport } })
  return { gateway, sent: transport.sent, call: gateway.callOutside?.bind(gateway) ?? never }
}

const never = async (): Promise<never> => {
  throw new Error('the gateway makes no outside calls')
}

describe('an outside call', () => {
  it('carries no credential, leaves a receipt, and keeps tokens out of it', async () => {
    const { gateway, sent, call } = await open(() => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      text: '{"access_token":"fresh-token-1","expires":5}',
    }))
    const headers = {
      Host: 'evil.example',
      'X-Mine': 'tok-secret-4711',
      Authorization: 'Basic eA==',
    }
    const answer = await call(ask('https://login.example/token?a=1#part', { headers }))
    expect(answer).toMatchObject({ kind: 'answered', url: 'https://login.example/token?a=1' })
    expect(JSON.stringify(answer)).toContain('fresh-token-1')
    expect(sent[0]?.headers).toEqual({
      ...{ accept: '*/*', 'user-agent': 'plumb' },
      ...{ 'x-mine': 'tok-secret-4711', authorization: 'Basic eA==' },
    })
    await call(ask('https://api.example/me?token=fresh-token-1'))
    const kept = JSON.stringify(await test.receipts(gateway))
    expect(kept).not.toMatch(/fresh-token-1|tok-secret-4711|eA==/)
    expect(kept).toContain('https://api.example/me?token=[secret]')
    expect(gateway.calls.map(({ write }) => write)).toEqual([false, false])
  })

  it('counts as a write when it may change something', async () => {
    const context = { writeLimit: 1 }
    const { gateway, call, sent } = await open(() => ({ status: 200 }), { context })
    const body = { encoding: 'utf8', text: 'x' } as const
    await call(ask('https://a.example/', { method: 'POST', body }))
    await expect(call(ask('https://a.example/', { method: 'DELETE' }))).rejects.toMatchObject({
      code: 'request-invalid',
    })
    expect(sent.map(({ body: bytes }) => bytes?.toString())).toEqual(['x'])
    expect(gateway.calls.map(({ write }) => write)).toEqual([true])
  })

  it('follows redirects, and tells another origin nothing', async () => {
    const hops: Record<string, string> = { '/a': '/b', '/b': 'https://b.example/c' }
    const { call, sent } = await open(({ url }) => {
      const location = hops[new URL(url).pathname]
      return location === undefined ? { status: 200 } : { status: 302, headers: { location } }
    })
    const headers = {
      authorization: 'Bearer x',
      'x-api-key': 'k',
      'content-type': 'text/plain',
      'x-a': '1',
    }
    const body = { encoding: 'utf8', text: 'x' } as const
    const answer = await call(ask('https://a.example/a', { method: 'POST', headers, body }))
    expect(answer).toMatchObject({ url: 'https://b.example/c' })
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST https://a.example/a',
      'GET https://a.example/b',
      'GET https://b.example/c',
    ])
    expect(sent[1]?.headers).toMatchObject({ authorization: 'Bearer x' })
    expect(sent[1]?.headers).not.toHaveProperty('content-type')
    expect(Object.keys(sent[2]?.headers ?? {}).sort()).toEqual(['accept', 'user-agent', 'x-a'])
  })

  it('gives up a circle of redirects', async () => {
    const { call, sent } = await open(() => ({ status: 307, headers: { location: '/again' } }))
    expect(await call(ask('https://a.example/'))).toMatchObject({ response: { status: 307 } })
    expect(sent).toHaveLength(6)
  })

  it('reaches no private address, also where the account has one', async () => {
    const gateway = await test.connect()
    for (const url of [test.server.url, 'http://169.254.169.254/latest', 'http://[::1]/']) {
      await expect(gateway.callOutside?.(ask(url))).rejects.toMatchObject({
        code: 'host-not-allowed',
      })
    }
    expect(test.server.seen).toHaveLength(0)
  })

  it('is replayed from its receipts', async () => {
    const { gateway, call } = await open(() => ({ status: 201, text: '{"id":"1"}' }))
    const request = ask('https://files.example/upload', { method: 'POST', headers: { 'x-a': '1' } })
    const live = await call(request)
    const recordings = recordingsFromReceipts(await test.receipts(gateway))
    const { provider, connection } = gateway
    const replay = openReplayGateway({ provider, connection, recordings })
    expect(await replay.callOutside?.(request)).toEqual(live)
    await expect(replay.callOutside?.(request)).rejects.toMatchObject({
      code: 'replay-unknown-request',
    })
    expect(replay.unused()).toEqual([])
  })
})

describe('a credential', () => {
  it('is handed out by the live gateway, and has the same kind in a replay', async () => {
    const auth = { mode: 'oauth2', authorizationUrl: 'x', tokenUrl: 'y' } as never
    const credential = {
      kind: 'oauth2',
      accessToken: 'live-token',
      scopes: [] as string[],
    } as const
    const oauthClient = { clientId: 'id', clientSecret: 'client-secret-1' }
    const gateway = await test.connect({
      provider: { auth },
      credential,
      integration: { oauthClient },
    })
    expect(await gateway.credential?.({ renew: false })).toMatchObject({ credential })
    expect(gateway.oauthClient).toEqual(oauthClient)
    const { provider, connection } = gateway
    const replay = openReplayGateway({ provider, connection, recordings: [] })
    expect(await replay.credential?.({ renew: true })).toMatchObject({
      credential: { kind: 'oauth2', accessToken: '[secret]' },
    })
    expect(Object.keys(replay.oauthClient ?? {})).toEqual(Object.keys(oauthClient))
  })
})
