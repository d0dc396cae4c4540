import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestPlumb } from '../server/testing/open-test-plumb.js'
import { openTestPlumb } from '../server/testing/open-test-plumb.js'

let server: TestPlumb
beforeAll(async () => {
  server = await openTestPlumb()
})
afterAll(() => server.close())

type Made = { readonly id: string; readonly secret_key: string }
type Listed = {
  readonly keys: readonly { readonly id: string; readonly last_used_at: string | null }[]
}

test('an environment comes with a key that opens it and nothing else', async () => {
  const dev = await server.keyOf()
  const made = await server.send(dev, 'POST /environments', { name: 'staging' })
  expect(made.status).toBe(201)
  const staging = (made.body as Made).secret_key
  const listed = (await server.send(staging, 'GET /keys')).body as Listed
  expect(listed.keys).toHaveLength(1)
  expect(JSON.stringify(listed)).not.toContain(staging)
  const names = (await server.send(dev, 'GET /environments')).body
  expect(names).toMatchObject({ environments: [{ name: 'dev' }, { name: 'staging' }] })
})

test('a name that is taken or no name is refused', async () => {
  const dev = await server.keyOf()
  await server.send(dev, 'POST /environments', { name: 'twice' })
  const again = await server.send(dev, 'POST /environments', { name: 'twice' })
  expect(again).toMatchObject({ status: 409, body: { error: { code: 'environment-exists' } } })
  expect((await server.send(dev, 'POST /environments', { name: 'Not A Name' })).status).toBe(400)
})

test('a key is shown once, may do what it was made for, and stops at its revocation', async () => {
  const dev = await server.keyOf()
  const given = { name: 'ci', scopes: ['environments:write'] }
  const made = (await server.send(dev, 'POST /keys', given)).body as Made
  expect(made.secret_key).toMatch(/^plumb_sk_[\w-]{43}$/)
  expect((await server.send(made.secret_key, 'GET /environments')).status).toBe(200)
  expect((await server.send(made.secret_key, 'GET /keys')).status).toBe(403)
  expect((await server.send(dev, `DELETE /keys/${made.id}`)).body).toEqual({ success: true })
  expect((await server.send(made.secret_key, 'GET /environments')).status).toBe(401)
})

test('a key makes no key that may do more than itself', async () => {
  const narrow = await server.keyOf('dev', ['keys:write', 'proxy'])
  const same = await server.send(narrow, 'POST /keys', { name: 'a', scopes: ['proxy'] })
  expect(same.status).toBe(201)
  for (const scopes of [['*'], ['records:read', 'proxy']]) {
    const more = await server.send(narrow, 'POST /keys', { name: 'b', scopes })
    expect(more).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } })
  }
  expect((await server.send(narrow, 'POST /keys', { name: 'c' })).status).toBe(403)
})

test('a new environment gets no more than the key that asked for it has', async () => {
  const narrow = await server.keyOf('dev', ['environments:write'])
  const made = (await server.send(narrow, 'POST /environments', { name: 'small' })).body as Made
  expect((await server.send(made.secret_key, 'GET /keys')).status).toBe(403)
})

test('a key neither sees nor revokes the keys of another environment', async () => {
  const dev = await server.keyOf()
  const prod = await server.keyOf('prod')
  const mine = (await server.send(dev, 'POST /keys', { name: 'mine' })).body as Made
  const theirs = (await server.send(prod, 'GET /keys')).body as Listed
  expect(theirs.keys.map(({ id }) => id)).not.toContain(mine.id)
  const revoked = await server.send(prod, `DELETE /keys/${mine.id}`)
  expect(revoked).toMatchObject({ status: 404, body: { error: { code: 'key-unknown' } } })
  expect((await server.send(mine.secret_key, 'GET /keys')).status).toBe(200)
})

test('the use of a key is noted', async () => {
  const key = await server.keyOf('used')
  const lastUse = async () =>
    ((await server.send(key, 'GET /keys')).body as Listed).keys[0]?.last_used_at ?? null
  await lastUse()
  await expect.poll(lastUse).not.toBeNull()
  const first = await lastUse()
  expect(await lastUse()).toBe(first)
})

test('a key reaches no integration, connection, sync, record or log of another environment', async () => {
  const dev = await server.keyOf()
  const other = await server.keyOf('other')
  const integration = { unique_key: 'github', provider: 'github' }
  expect((await server.send(dev, 'POST /integrations', integration)).status).toBeLessThan(300)
  const made = await server.send(dev, 'POST /connections', {
    ...{ provider_config_key: 'github', connection_id: 'c1' },
    credentials: { type: 'OAUTH2', access_token: 'tok-1' },
  })
  expect(made.status, JSON.stringify(made.body)).toBeLessThan(300)
  const list = async (key: string) => (await server.send(key, 'GET /connections')).body
  expect(await list(dev)).toMatchObject({ connections: [{ connection_id: 'c1' }] })
  expect(await list(other)).toMatchObject({ connections: [] })
  expect((await server.send(other, 'GET /integrations')).body).toMatchObject({ data: [] })
  for (const target of [
    'GET /connections/c1?provider_config_key=github',
    'DELETE /connections/c1?provider_config_key=github',
    'GET /integrations/github',
  ]) {
    expect((await server.send(other, target)).status, target).toBe(404)
  }
  expect(await list(dev)).toMatchObject({ connections: [{ connection_id: 'c1' }] })
})
