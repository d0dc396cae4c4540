import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestPlumb } from '../../server/testing/open-test-plumb.js'
import { openTestPlumb } from '../../server/testing/open-test-plumb.js'

let server: TestPlumb
let key = ''

beforeAll(async () => {
  server = await openTestPlumb()
  key = await server.keyOf()
  await server.send(key, 'POST /config', { provider: 'hubspot', provider_config_key: 'crm' })
  await server.send(key, 'POST /connections', {
    ...{ provider_config_key: 'crm', connection_id: 'c1', tags: { end_user_id: 'u2' } },
    credentials: { type: 'OAUTH2', access_token: 'token-1' },
    end_user: { id: 'u1', email: 'u@example.com', display_name: 'U One' },
  })
})
afterAll(() => server.close())

test('older paths of connections answer what those of today do', async () => {
  for (const target of [
    'GET /connection?connectionId=c1',
    'GET /connection/c1?provider_config_key=crm',
  ]) {
    const older = await server.send(key, target)
    const today = await server.send(key, target.replace('/connection', '/connections'))
    expect(older.status).toBe(200)
    expect(namesOf(older.body)).toEqual(namesOf(today.body))
  }
  const metadata = { provider_config_key: 'crm', connection_id: 'c1', metadata: { plan: 'pro' } }
  expect((await server.send(key, 'POST /connection/metadata', metadata)).status).toBe(201)
  const more = { ...metadata, metadata: { seats: 3 } }
  expect((await server.send(key, 'PATCH /connection/metadata', more)).status).toBe(200)
  const one = await server.send(key, 'GET /connections/c1?provider_config_key=crm')
  expect(one.body).toMatchObject({ metadata: { plan: 'pro', seats: 3 } })
  const none = await server.send(key, 'DELETE /connection/c9?provider_config_key=crm')
  expect(none).toMatchObject({ status: 404, body: { error: { code: 'connection-unknown' } } })
})

test('older paths of integrations do, with the secrets only where they are asked for', async () => {
  const made = { provider_config_key: 'crm', oauth_client_id: 'id-1', oauth_client_secret: 'hush' }
  expect((await server.send(key, 'PUT /config', { ...made, oauth_scopes: 'a,b' })).status).toBe(200)
  const all = await server.send(key, 'GET /config')
  expect(all.body).toMatchObject({ configs: [{ unique_key: 'crm', provider: 'hubspot' }] })
  const shown = await server.send(key, 'GET /config/crm')
  expect(JSON.stringify([all.body, shown.body])).not.toContain('hush')
  const secret = await server.send(key, 'GET /config/crm?include_creds=true')
  expect(secret.body).toMatchObject({
    config: { unique_key: 'crm', client_id: 'id-1', client_secret: 'hush', scopes: 'a,b' },
  })
  const reader = await server.keyOf('dev', ['integrations:read'])
  expect((await server.send(reader, 'GET /config/crm?include_creds=true')).status).toBe(403)
  expect((await server.send(reader, 'DELETE /config/crm')).status).toBe(403)
  expect((await server.send(key, 'DELETE /config/crm')).status).toBe(409)
})

test.each([
  ['endUserId=u1', 1],
  ['endUserId=u2', 1],
  ['endUserId=u3', 0],
  ['tags[end_user_email]=u@example.com', 1],
  ['tags[end_user_display_name]=U%20One&tags[end_user_id]=u2', 1],
  ['tags[end_user_email]=x@example.com', 0],
  ['integrationId=', 0],
])('an end user is found by what it is and by its tags: %s', async (query, count) => {
  const { body } = await server.send(key, `GET /connections?${query}`)
  expect((body as { connections: unknown[] }).connections).toHaveLength(count)
})

test('variables are read with their values only by who may read secrets', async () => {
  await server.send(key, 'PUT /variables/REGION', { value: 'eu-1' })
  const all = await server.send(key, 'GET /environment-variables')
  expect(all.body).toEqual([{ name: 'REGION', value: 'eu-1' }])
  const reader = await server.keyOf('dev', ['deployments:read'])
  const refused = await server.send(reader, 'GET /environment-variables')
  expect(refused.status).toBe(403)
  expect(JSON.stringify(refused.body)).not.toContain('eu-1')
})

test('an integration gets another key while nothing is under it, with its secrets', async () => {
  const credentials = { type: 'OAUTH2', client_id: 'id-2', client_secret: 'hush-2' }
  const first = { provider: 'hubspot', unique_key: 'Sales_eu.1', credentials }
  expect((await server.send(key, 'POST /integrations', first)).status).toBe(200)
  const moved = await server.send(key, 'PATCH /integrations/Sales_eu.1', { unique_key: 'sales' })
  expect(moved.body).toMatchObject({ data: { unique_key: 'sales' } })
  expect((await server.send(key, 'GET /integrations/Sales_eu.1')).status).toBe(404)
  const found = await server.send(key, 'GET /integrations/sales?include=credentials')
  expect(found.body).toMatchObject({ data: { credentials: { client_secret: 'hush-2' } } })
  const taken = await server.send(key, 'PATCH /integrations/sales', { unique_key: 'crm' })
  expect(taken.body).toMatchObject({ error: { code: 'integration-exists' } })
  const used = await server.send(key, 'PATCH /integrations/crm', { unique_key: 'crm2' })
  expect(used.body).toMatchObject({ error: { code: 'integration-in-use' } })
})

test('a mistyped integration or connection is no sync that was started', async () => {
  for (const verb of ['start', 'pause', 'trigger']) {
    const order = { provider_config_key: 'nope', syncs: [] }
    const found = await server.send(key, `POST /sync/${verb}`, order)
    expect(found).toMatchObject({ status: 404, body: { error: { code: 'connection-unknown' } } })
  }
  const path = 'GET /sync/status?provider_config_key=crm&connection_id=nope&syncs=*'
  expect((await server.send(key, path)).status).toBe(404)
})

function namesOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Object.keys(value).sort() : value
}
