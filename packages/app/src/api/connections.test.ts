import { afterAll, beforeAll, expect, test } from 'vitest'
import { providerSchema } from '@plumb/protocol'
import { openTestPlumb } from '../server/testing/open-test-plumb.js'
import type { TestPlumb } from '../server/testing/open-test-plumb.js'

let server: TestPlumb
let key = ''

beforeAll(async () => {
  server = await openTestPlumb()
  key = await server.keyOf()
  const provider = providerSchema.parse({
    ...{ name: 'keyed', displayName: 'Keyed', auth: { mode: 'api-key', header: 'x-key' } },
    proxy: { baseUrl: 'https://keyed.example' },
  })
  const providers = server.plumb.providers as Map<string, unknown>
  providers.set('keyed', { provider, path: '', apiDescription: null })
  const made = { provider: 'keyed', unique_key: 'crm' }
  expect((await server.send(key, 'POST /integrations', made)).status).toBe(200)
})
afterAll(() => server.close())

const add = (id: string, more: object = {}) =>
  server.send(key, 'POST /connections', {
    ...{ connection_id: id, provider_config_key: 'crm' },
    credentials: { type: 'API_KEY', apiKey: 'key-secret-4711' },
    ...more,
  })

const list = async (query: string, by = key) =>
  (await server.send(by, `GET /connections?${query}`)).body as {
    connections: { connection_id: string; metadata: unknown; tags: unknown }[]
    next_cursor: string | null
  }

const idsOf = ({ connections }: Awaited<ReturnType<typeof list>>) =>
  connections.map(({ connection_id }) => connection_id)

test('imported connections are listed newest first, by page or by cursor, and found by what they are labelled with', async () => {
  for (const at of [1, 2, 3, 4, 5]) {
    const end_user = { id: `user-${at}`, email: `u${at}@b.example`, organization: { id: 'org' } }
    const made = await add(`c${at}`, { end_user, tags: { plan: at > 3 ? 'gold' : 'free' } })
    expect(made.status, JSON.stringify(made.body)).toBe(201)
  }
  expect(idsOf(await list('limit=2'))).toEqual(['c5', 'c4'])
  expect(idsOf(await list('limit=2&page=1'))).toEqual(['c3', 'c2'])
  const walked: string[] = []
  let cursor: string | null = ''
  for (let page = 0; page < 5 && cursor !== null; page++) {
    const found = await list(
      `limit=2&cursor=${cursor}`.replace('&cursor=&', '').replace(/&cursor=$/, ''),
    )
    walked.push(...idsOf(found))
    cursor = found.next_cursor
  }
  expect(walked).toEqual(['c5', 'c4', 'c3', 'c2', 'c1'])
  expect(idsOf(await list('tags[plan]=gold&integrationId=crm,other'))).toEqual(['c5', 'c4'])
  expect(idsOf(await list('endUserId=user-2'))).toEqual(['c2'])
  expect(idsOf(await list('endUserOrganizationId=org&search=U3@'))).toEqual(['c3'])
  expect(idsOf(await list('search=%25'))).toEqual([])
  expect(JSON.stringify(await list(''))).not.toContain('key-secret')
  expect((await server.send(key, 'GET /connections?cursor=x')).status).toBe(400)
})

test('metadata is replaced or merged for one connection or many, all or none', async () => {
  const write = (method: string, connection_id: unknown, metadata: object) =>
    server.send(key, `${method} /connections/metadata`, {
      ...{ connection_id, provider_config_key: 'crm', metadata },
    })
  await add('m1')
  await add('m2')
  expect((await write('POST', ['m1', 'm2'], { a: 1, b: { c: 2 } })).status).toBe(201)
  expect((await write('PATCH', 'm1', { b: 3 })).status).toBe(200)
  const missing = await write('POST', ['m1', 'nope'], { gone: true })
  expect([missing.status, JSON.stringify(missing.body)]).toEqual([
    404,
    expect.stringContaining('nope'),
  ])
  const metadata = async (id: string) => (await list(`connectionId=${id}`)).connections[0]?.metadata
  expect(await metadata('m1')).toEqual({ a: 1, b: 3 })
  expect(await metadata('m2')).toEqual({ a: 1, b: { c: 2 } })
  await add('m1')
  expect(await metadata('m1')).toEqual({ a: 1, b: 3 })
})

test('labels are changed, and nothing of another environment is seen or touched', async () => {
  await add('l1', { tags: { a: '1' } })
  const target = '/connections/l1?provider_config_key=crm'
  const changed = await server.send(key, `PATCH ${target}`, { tags: { b: '2' } })
  expect(changed.body).toEqual({ success: true })
  expect((await list('connectionId=l1')).connections[0]?.tags).toEqual({ b: '2' })
  const prod = await server.keyOf('prod')
  expect(idsOf(await list('', prod))).toEqual([])
  for (const method of ['GET', 'DELETE']) {
    expect((await server.send(prod, `${method} ${target}`)).status).toBe(404)
  }
  expect((await server.send(prod, `PATCH ${target}`, { tags: {} })).status).toBe(404)
  const gone = await server.send(key, `DELETE ${target}`)
  expect(gone.body).toEqual({ success: true, revocation: 'not-offered' })
})

test('secrets of an integration are shown only to keys that may read them', async () => {
  const credentials = { type: 'OAUTH2', client_id: 'cid', client_secret: 'client-secret-4711' }
  const made = { provider: 'keyed', unique_key: 'with-client', credentials }
  expect(JSON.stringify((await server.send(key, 'POST /integrations', made)).body)).not.toContain(
    '4711',
  )
  expect((await server.send(key, 'POST /integrations', made)).status).toBe(409)
  expect(JSON.stringify((await server.send(key, 'GET /integrations')).body)).not.toContain('4711')
  const shown = await server.send(key, 'GET /integrations/with-client?include=credentials')
  expect(shown.body).toMatchObject({
    data: { credentials: { client_secret: 'client-secret-4711' } },
  })
  const narrow = await server.keyOf('dev', ['integrations:read'])
  const refused = await server.send(narrow, 'GET /integrations/with-client?include=credentials')
  expect(refused.status).toBe(403)
  const half = await server.send(key, 'PATCH /integrations/crm', {
    credentials: { type: 'OAUTH2', client_id: 'x' },
  })
  expect(half.status).toBe(400)
  expect((await server.send(key, 'DELETE /integrations/crm')).status).toBe(409)
  expect((await server.send(key, 'DELETE /integrations/with-client')).body).toEqual({
    success: true,
  })
})
