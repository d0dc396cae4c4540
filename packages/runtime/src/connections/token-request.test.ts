import { expect, test } from 'vitest'
import { readIssued } from './token-request.js'

/* What token endpoints answer beside what RFC 6749 says. */

const now = Date.parse('2026-01-01T00:00:00.000Z')
const answer = (body: string, status = 200) =>
  readIssued({ kind: 'response', status, headers: {}, body: Buffer.from(body) }, now)
const json = (fields: object, status = 200) => answer(JSON.stringify(fields), status)

test.each([
  '<html><a href="/login?next=%2F&access_token=&error=invalid_grant&x=1">Sign in</a></html>',
  '\uFEFF  <!doctype html><p>maintenance&access_token=nothing"&refresh_token=x</p>',
  '',
  'null',
  '[]',
  '"token"',
])('a page or nothing at all is no token, and takes none away (%#)', (body) => {
  expect(answer(body)).toMatchObject({ kind: 'failed' })
})

test.each<[unknown, string | undefined]>([
  [3600, '2026-01-01T01:00:00.000Z'],
  ['3600', '2026-01-01T01:00:00.000Z'],
  [3599.5, '2026-01-01T00:59:59.500Z'],
  [-1, undefined],
  ['-3600', undefined],
  [0, undefined],
  [null, undefined],
  ['soon', undefined],
  [{}, undefined],
  [undefined, undefined],
])('a life of %j seconds ends at %s', (expires_in, expiresAt) => {
  const read = json({ access_token: 'a', token_type: 'BEARER', expires_in })
  expect(read).toMatchObject({ kind: 'issued' })
  expect(read.kind === 'issued' && read.issued.expiresAt).toBe(expiresAt)
})

test.each<[object, number, string]>([
  [{ error: 'invalid_grant' }, 200, 'rejected'],
  [{ ok: false, error: 'token_revoked' }, 200, 'rejected'],
  [{ error: { type: 'invalid_grant', message: 'gone' } }, 200, 'rejected'],
  [{ error: 'invalid_grant' }, 503, 'failed'],
  [{ error: 'temporarily_unavailable' }, 200, 'failed'],
  [{ access_token: 'a', error: 'invalid_grant' }, 400, 'rejected'],
  [{ access_token: '' }, 200, 'failed'],
  [{ access_token: null, error: 'invalid_client' }, 401, 'failed'],
])('%j with status %i is %s', (fields, status, kind) => {
  expect(json(fields, status)).toMatchObject({ kind })
})

test('a form is read where it is no JSON', () => {
  expect(answer('access_token=a%2Bb&expires_in=60&scope=x+y')).toMatchObject({
    ...{ kind: 'issued', issued: { accessToken: 'a+b', fields: { scope: 'x y' } } },
  })
})
