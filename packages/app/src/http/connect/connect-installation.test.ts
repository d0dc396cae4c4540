import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { providerSchema } from '@plumb/protocol'
import { addIntegration } from '@plumb/runtime'
import { openTestPlumb } from '../../server/testing/open-test-plumb.js'
import type { TestPlumb } from '../../server/testing/open-test-plumb.js'
import { connectRoutes } from './connect-routes.js'
import { openVisitor } from './testing/open-visitor.js'
import type { Visitor } from './testing/open-visitor.js'
import { startAppServer } from './testing/start-app-server.js'
import type { AppServer, TestInstallation } from './testing/start-app-server.js'

let server: TestPlumb
let apps: AppServer
let visitor: Visitor
let key = ''

beforeAll(async () => {
  server = await openTestPlumb({ routes: [connectRoutes] })
  key = await server.keyOf()
  visitor = openVisitor(server, key)
  apps = await startAppServer()
  const installations = `${apps.url}/app/installations/\${connectionConfig.installation_id}`
  const provider = providerSchema.parse({
    ...{ name: 'hub', displayName: 'Hub', proxy: { baseUrl: apps.url } },
    auth: {
      ...{ mode: 'app', tokenUrl: `${installations}/access_tokens` },
      installationUrl: `${apps.url}/apps/\${app.slug}/installations/new`,
    },
  })
  const providers = server.plumb.providers as Map<string, unknown>
  providers.set('hub', { provider, path: '', apiDescription: null })
  for (const integrationKey of ['hub', 'hub-too']) {
    await addIntegration(server.plumb, { integrationKey, provider: 'hub', app: apps.app })
  }
})
afterAll(async () => {
  await server.close()
  await apps.close()
})
beforeEach(async () => {
  await server.plumb.db.query('delete from plumb.connections')
  apps.installations.clear()
  apps.seen.length = 0
})

type Owner = { id: string; organization?: { id: string } }
const ann: Owner = { id: 'ann' }
const bob: Owner = { id: 'bob' }

async function install(
  id: string,
  o: { owner?: Owner | undefined; integrationKey?: string; token?: string; more?: string } = {},
) {
  const { integrationKey = 'hub', more = '' } = o
  const token = o.token ?? (await visitor.sessionOf({ end_user: o.owner })).token
  const { location } = await visitor.begin(token, integrationKey)
  const asked = new URL(location)
  expect(asked.pathname).toBe('/apps/my-app/installations/new')
  const state = asked.searchParams.get('state') ?? ''
  const search = `?installation_id=${id}&setup_action=install&state=${state}${more}`
  return visitor.comeBack(new URL(`http://x/oauth/callback${search}`))
}

type Listed = { connection_id: string; provider_config_key: string }

async function listed(): Promise<Listed[]> {
  const { body } = await server.send(key, 'GET /connections')
  return (body as { connections: Listed[] }).connections
}

test('an app is installed: the installation is read with the key of the app, and its token is kept', async () => {
  apps.installations.set('42', {})
  const page = await install('42', { owner: ann })
  expect([page.status, page.text]).toEqual([200, expect.stringContaining('Hub account is')])
  expect(apps.seen).toEqual([
    ...['GET /app/installations/42', 'POST /app/installations/42/access_tokens'],
  ])
  const [made] = await listed()
  const shown = await server.send(
    key,
    `GET /connections/${made?.connection_id}?provider_config_key=hub`,
  )
  expect(shown.body).toMatchObject({
    connection_config: { installation_id: '42' },
    credentials: { type: 'APP', access_token: 'installation-token-of-42' },
    end_user: { id: 'ann' },
  })
})

test.each<[string, TestInstallation | null, string]>([
  ['that is none of the app', null, 'is none of this app'],
  ['that is suspended', { suspendedAt: '2026-01-01T00:00:00Z' }, 'is suspended'],
  ['of another app', { appId: 78 }, 'is of another app'],
  ['that the provider calls otherwise', { id: 43 }, 'names another installation'],
  ['that the app may not read', { status: 403 }, 'can not be read: status 403'],
  ['that can not be asked about now', { status: 503 }, 'can not be read: status 503'],
])('an installation %s is not stored', async (_, installation, words) => {
  if (installation !== null) apps.installations.set('42', installation)
  const page = await install('42', { owner: ann })
  expect([page.status, page.text]).toEqual([400, expect.stringContaining(words)])
  expect(apps.seen).toEqual(['GET /app/installations/42'])
  expect(await listed()).toEqual([])
})

type Naming = { who: string; holder?: Owner; asker?: Owner; status: number }
const of = (owner: Owner, id: string): Owner => ({ ...owner, organization: { id } })

test.each<Naming>([
  { who: 'another end user', holder: ann, asker: bob, status: 400 },
  { who: 'the same end user', holder: ann, asker: ann, status: 200 },
  { who: 'nobody in particular', holder: ann, status: 400 },
  { who: 'somebody, when nobody is known to have it', asker: bob, status: 400 },
  { who: 'a colleague', holder: of(ann, 'o1'), asker: of(bob, 'o1'), status: 200 },
  { who: 'the same id elsewhere', holder: of(ann, 'o1'), asker: of(ann, 'o2'), status: 400 },
])('an installation that is connected already is named by $who', async (naming) => {
  const { holder, asker, status } = naming
  apps.installations.set('42', {})
  expect((await install('42', { owner: holder })).status).toBe(200)
  const [first] = await listed()
  const page = await install('42', { owner: asker, integrationKey: 'hub-too' })
  expect(page.status).toBe(status)
  expect(await listed()).toHaveLength(status === 200 ? 2 : 1)
  if (status === 200) return
  expect(page.text).toContain('is connected for another customer already')
  for (const secret of [first?.connection_id ?? '', 'ann']) expect(page.text).not.toContain(secret)
})

test('many customers that name one installation at once: one gets it', async () => {
  apps.installations.set('42', {})
  const pages = await Promise.all(
    ['a', 'b', 'c', 'd'].map((id) => install('42', { owner: { id } })),
  )
  expect(pages.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400])
  expect(await listed()).toHaveLength(1)
})

test('a connection is authorised again with its own installation, and not with that of somebody else', async () => {
  apps.installations.set('42', {}).set('43', {})
  await install('42', { owner: ann })
  const [made] = await listed()
  await install('43', { owner: bob })
  const again = async (id: string) => {
    const body = { connection_id: made?.connection_id, integration_id: 'hub', end_user: undefined }
    const { token } = await visitor.sessionOf(body, '/connect/sessions/reconnect')
    return (await install(id, { token })).status
  }
  expect([await again('42'), await again('43')]).toEqual([200, 400])
  const shown = await server.send(
    key,
    `GET /connections/${made?.connection_id}?provider_config_key=hub&credentials=false`,
  )
  expect(shown.body).toMatchObject({ connection_config: { installation_id: '42' } })
})

test('an installation that is typed in instead has to be claimed in the same way', async () => {
  apps.installations.set('42', {})
  await install('42', { owner: ann })
  const { token } = await visitor.sessionOf({ end_user: bob })
  const target = `POST /connect/sessions/credentials/hub?connect_session_token=${token}`
  const answer = await server.send(null, target, { type: 'APP', installation_id: '42' })
  expect([answer.status, answer.body]).toEqual([
    400,
    { error: expect.objectContaining({ code: 'authorization-failed' }) },
  ])
  expect(await listed()).toHaveLength(1)
})

test('an installation without the state of a session, or that waits for an owner, is none', async () => {
  apps.installations.set('42', {})
  const stray = await visitor.comeBack(new URL('http://x/oauth/callback?installation_id=42'))
  expect([stray.status, stray.text]).toEqual([400, expect.stringContaining('no authorisation')])
  const { location } = await visitor.begin((await visitor.sessionOf()).token, 'hub')
  const state = new URL(location).searchParams.get('state') ?? ''
  const asked = await visitor.comeBack(
    new URL(`http://x/oauth/callback?setup_action=request&state=${state}`),
  )
  expect([asked.status, asked.text]).toEqual([400, expect.stringContaining('has to approve')])
  const path = await install('../../x', { owner: ann })
  expect([path.status, path.text]).toEqual([400, expect.stringContaining('no installation')])
  expect(apps.seen).toEqual([])
})
