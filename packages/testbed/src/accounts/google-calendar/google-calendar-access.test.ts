import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { base, openCalendarBench } from './calendar-bench.js'
import type { CalendarBench, Failure } from './calendar-bench.js'

const hour = 3_600_000

const at = (start: string, end: string) => ({ start: { dateTime: start }, end: { dateTime: end } })
const morning = at('2026-03-05T09:00:00Z', '2026-03-05T10:00:00Z')

let bench: CalendarBench

beforeAll(async () => {
  bench = await openCalendarBench()
})
beforeEach(() => bench.reset())
afterAll(() => bench.close())

describe('access', () => {
  it('is refused without a token, with a made-up one, and after an hour', async () => {
    const path = `${base}/users/me/calendarList`
    expect(await bench.reasonOf(path, { token: null })).toEqual([401, 'required'])
    expect(await bench.reasonOf(path, { token: 'ya29.invented' })).toEqual([401, 'authError'])
    bench.wait(hour + 1)
    const expired = await bench.call(path)
    expect(expired.status).toBe(401)
    expect(expired.headers.get('www-authenticate')).toContain('error="invalid_token"')
  })

  it('without the scope for access rules is refused by name', async () => {
    const answer = await bench.call<Failure & { error: { details: unknown[] } }>(
      `${base}/calendars/primary/acl`,
    )
    expect(answer.status).toBe(403)
    expect(answer.body.error).toMatchObject({
      status: 'PERMISSION_DENIED',
      errors: [{ reason: 'insufficientPermissions' }],
      details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }],
    })
    expect(answer.headers.get('www-authenticate')).toMatch(/insufficient_scope.*calendar\.acls/)
  })
})

describe('the token endpoint', () => {
  type Token = { access_token: string; refresh_token?: string; error?: string }

  function exchange(
    refreshToken: string,
    clientSecret = bench.account.oauthClient?.clientSecret ?? '',
  ) {
    const client_id = bench.account.oauthClient?.clientId ?? ''
    const grant = { grant_type: 'refresh_token', refresh_token: refreshToken }
    const form = { ...grant, client_id, client_secret: clientSecret }
    return bench.call<Token>('/token', { method: 'POST', token: null, form })
  }

  function firstRefreshToken(): string {
    return bench.controls.tokens?.first().refreshToken ?? ''
  }

  it('refreshes with the client in the body or by basic authentication', async () => {
    bench.wait(2 * hour)
    const { body } = await exchange(firstRefreshToken())
    expect((await bench.call(`${base}/colors`, { token: body.access_token })).status).toBe(200)
    const { clientId = '', clientSecret = '' } = bench.account.oauthClient ?? {}
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    const form = { grant_type: 'refresh_token', refresh_token: firstRefreshToken() }
    const headers = { authorization: `Basic ${basic}` }
    const second = await bench.call<Token>('/token', { method: 'POST', token: null, form, headers })
    expect(second.status).toBe(200)
  })

  it('with rotation honours a refresh token once', async () => {
    bench.controls.tokens?.setRotation(true)
    const first = await exchange(firstRefreshToken())
    expect(first.body.refresh_token).toBeTruthy()
    const again = await exchange(firstRefreshToken())
    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant'])
    expect((await exchange(first.body.refresh_token ?? '')).status).toBe(200)
  })

  it('refuses a revoked grant and an unknown client', async () => {
    expect((await exchange(firstRefreshToken(), 'wrong')).body.error).toBe('invalid_client')
    bench.controls.tokens?.revoke()
    expect((await exchange(firstRefreshToken())).body.error).toBe('invalid_grant')
    expect((await bench.call(`${base}/colors`)).status).toBe(401)
  })
})

describe('the fault switch', () => {
  it('answers for the account, with Retry-After', async () => {
    const body = {
      error: { code: 429, message: 'Slow', errors: [{ reason: 'rateLimitExceeded' }] },
    }
    const answer = { status: 429, headers: { 'retry-after': '2' }, body }
    bench.controls.faults.add({ fault: { kind: 'answer', answer }, times: 2 })
    const limited = await bench.call(`${base}/colors`)
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2'])
    expect((await bench.call(`${base}/colors`)).status).toBe(429)
    expect((await bench.call(`${base}/colors`)).status).toBe(200)
  })

  it('breaks connections and bodies', async () => {
    bench.controls.faults.add({ fault: { kind: 'dropped-connection' } })
    await expect(bench.insert({ summary: 'Lost answer', ...morning })).rejects.toThrow()
    const { last } = await bench.readPages('q=Lost')
    expect(last.items).toHaveLength(1)
    bench.controls.faults.add({
      fault: { kind: 'truncated-body' },
      when: ({ method }) => method === 'GET',
    })
    await expect(bench.call(`${base}/colors`)).rejects.toThrow()
    expect(bench.controls.requests.map(({ status }) => status)).toEqual([null, 200, 200, 200, 200])
  })
})
