import { providerSchema } from '@plumb/protocol'
import { addIntegration } from '@plumb/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestPlumb } from '../../server/testing/open-test-plumb.js'
import type { TestPlumb } from '../../server/testing/open-test-plumb.js'
import { connectRoutes } from './connect-routes.js'
import { openVisitor } from './testing/open-visitor.js'
import type { Visitor } from './testing/open-visitor.js'

/* What a person meets who opens the link of a session in a browser. */

let server: TestPlumb
let visitor: Visitor

const oauth = {
  ...{ mode: 'oauth2', authorizationUrl: 'https://a.example/auth' },
  tokenUrl: 'https://a.example/token',
}

beforeAll(async () => {
  server = await openTestPlumb({ routes: [connectRoutes] })
  visitor = openVisitor(server, await server.keyOf())
  const site = { site: { title: 'Site', example: 'north' } }
  const entries = [
    { name: 'plain', displayName: 'Plain & <b>Simple</b>', auth: oauth },
    { name: 'sited', displayName: 'Sited', auth: oauth, connectionConfig: site },
    { name: 'keyed', displayName: 'Keyed', auth: { mode: 'api-key', header: 'x-key' } },
  ]
  for (const entry of entries) {
    const provider = providerSchema.parse({ ...entry, proxy: { baseUrl: 'https://a.example' } })
    const loaded = { provider, path: '', apiDescription: null }
    ;(server.plumb.providers as Map<string, unknown>).set(entry.name, loaded)
    const oauthClient = { clientId: 'client', clientSecret: 'secret' }
    const client = entry.auth.mode === 'oauth2' ? { oauthClient } : {}
    await addIntegration(server.plumb, {
      ...{ integrationKey: entry.name, provider: entry.name, ...client },
    })
  }
}, 60_000)
afterAll(() => server?.close())

async function visit(token: string) {
  const { pathname, search } = new URL(`http://x/connect?session_token=${token}`)
  const answer = await fetch(`${server.url}${pathname}${search}`, {
    headers: { accept: 'text/html' },
  })
  const text = await answer.text()
  const links = [...text.matchAll(/href="([^"]*)"/g)].map(([, href = '']) =>
    href.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
  )
  return { status: answer.status, text, links, headers: answer.headers }
}

test('the link of a session leads to what can be connected without typing, and on to the provider', async () => {
  const { token, connect_link } = await visitor.sessionOf()
  expect(connect_link).toContain(`/connect?session_token=${token}`)
  const page = await visit(token)
  expect([page.status, page.headers.get('content-security-policy')]).toEqual([
    200,
    expect.stringContaining("default-src 'none'"),
  ])
  expect(page.links).toHaveLength(1)
  expect(page.text).not.toContain('<b>')
  const { pathname, search } = new URL(page.links[0] ?? '')
  const next = await fetch(`${server.url}${pathname}${search}`, { redirect: 'manual' })
  expect(next.headers.get('location')).toMatch(/^https:\/\/a\.example\/auth\?/)
})

test('what the session already says need not be typed, and what it does not allow is not shown', async () => {
  const defaults = { sited: { connection_config: { site: 'north' } } }
  const body = { allowed_integrations: ['sited'], integrations_config_defaults: defaults }
  const { links } = await visit((await visitor.sessionOf(body)).token)
  expect(links).toEqual([expect.stringContaining('/oauth/connect/sited?')])
})

test('a session for what has to be typed in says where to go', async () => {
  const page = await visit((await visitor.sessionOf({ allowed_integrations: ['keyed'] })).token)
  expect([page.status, page.links]).toEqual([200, []])
  expect(page.text).toContain('Go back to the product that sent you here')
})

test.each(['', 'plumb_connect_nothing', '%3Cscript%3Ealert(1)%3C/script%3E', 'x'.repeat(8000)])(
  'a link that is none says what to do (%#)',
  async (token) => {
    const page = await visit(token)
    expect([page.status, page.headers.get('content-type')]).toEqual([
      ...[401, 'text/html; charset=utf-8'],
    ])
    expect(page.text).toContain('Ask the product that sent you here for a new link')
    expect(page.text).not.toContain('script')
  },
)

test('a link whose half hour is over says so', async () => {
  const { token } = await visitor.sessionOf()
  await server.plumb.db.query("update plumb.connect_sessions set expires_at = '2026-01-01'")
  const page = await visit(token)
  expect([page.status, page.text]).toEqual([401, expect.stringContaining('ended at 2026-01-01')])
})
