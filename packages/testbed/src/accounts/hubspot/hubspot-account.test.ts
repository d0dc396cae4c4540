import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RunningAccount } from '../test-account.js'
import { startHubspotAccount } from './hubspot-account.js'

let now = Date.parse('2026-06-01T00:00:00.000Z')
let running: RunningAccount
const contacts = '/crm/v3/objects/contacts'

beforeAll(async () => {
  const clock = () => new Date(now)
  running = await startHubspotAccount({ seed: 'test', clock, extraScopes: [] })
})
afterAll(() => running.close())
beforeEach(() => {
  // Later than every limit of the test before.
  now += 60_000
})

type Body = {
  readonly total: number
  readonly message: string
  readonly category: string
  readonly policyName?: string
  readonly results: readonly { id: string; properties: Record<string, string | null> }[]
  readonly paging?: { next: { after: string } }
}

async function ask(method: string, path: string, body?: object) {
  const { credential, baseUrl } = running.account
  const token = credential.kind === 'oauth2' ? credential.accessToken : ''
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const shown = (text === '' ? {} : JSON.parse(text)) as Body & { id: string }
  return { status: response.status, headers: response.headers, body: shown }
}

const search = (body: object) => {
  now += 1000
  return ask('POST', `${contacts}/search`, body)
}

test('lists walk by id in pages of at most 100, each contact once', async () => {
  const first = await ask('GET', `${contacts}?limit=100&properties=phone`)
  expect(first.body.results).toHaveLength(100)
  expect(Object.keys(first.body.results[0]?.properties ?? {})).toContain('phone')
  const next = await ask('GET', `${contacts}?limit=100&after=${first.body.paging?.next.after}`)
  expect(Number(next.body.results[0]?.id)).toBe(Number(first.body.results[99]?.id) + 1)
  expect(await ask('GET', `${contacts}?limit=101`)).toMatchObject({
    status: 400,
    body: { category: 'VALIDATION_ERROR' },
  })
  const last = await ask('GET', `${contacts}?limit=100&after=124950`)
  expect([last.body.results.length, last.body.paging]).toEqual([51, undefined])
})

test('a search tells how many it found, and refuses to be paged beyond 10,000', async () => {
  const found = await search({ limit: 200 })
  expect([found.body.total, found.body.results.length]).toEqual([25_000, 200])
  expect(found.body.paging?.next.after).toBe('200')
  expect((await search({ limit: 200, after: '9800' })).status).toBe(200)
  const beyond = await search({ limit: 200, after: '9900' })
  expect([beyond.status, beyond.body.category]).toEqual([400, 'VALIDATION_ERROR'])
  expect((await search({ limit: 201 })).status).toBe(400)
})

test('filters and a sort slide a search past the cap', async () => {
  const filters = [{ propertyName: 'hs_object_id', operator: 'GT', value: '124990' }]
  const sorts = [{ propertyName: 'hs_object_id', direction: 'DESCENDING' }]
  const found = await search({ filterGroups: [{ filters }], sorts, limit: 100 })
  expect(found.body.results.map(({ id }) => id)).toEqual(
    Array.from({ length: 10 }, (_, index) => String(125_000 - index)),
  )
  const newest = found.body.results[0]?.properties['lastmodifieddate'] ?? ''
  const since = [{ propertyName: 'lastmodifieddate', operator: 'GTE', value: Date.parse(newest) }]
  const same = await search({ filterGroups: [{ filters: since }], limit: 200 })
  expect(same.body.total).toBe(100)
})

test.each([
  [{ filterGroups: Array(6).fill({ filters: [] }) }, 'filterGroups'],
  [{ filterGroups: [{ filters: Array(7).fill({ operator: 'EQ' }) }] }, 'filters'],
  [{ filterGroups: [{ filters: [{ operator: 'LIKE' }] }] }, 'LIKE'],
  [{ filterGroups: Array(4).fill({ filters: Array(5).fill({ operator: 'EQ' }) }) }, '18 filters'],
  [{ sorts: ['a', 'b'] }, 'sorts'],
  [{ after: 'x' }, 'after'],
])('a search it does not offer is refused (case %#)', async (body, words) => {
  const refused = await search(body)
  expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining(words)])
})

test('a sixth search within a second is refused, and one in the next is not', async () => {
  const statuses = []
  for (let count = 0; count < 6; count += 1)
    statuses.push((await ask('POST', `${contacts}/search`, { limit: 1 })).status)
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
  const refused = await ask('POST', `${contacts}/search`, { limit: 1 })
  expect(refused.body.policyName).toBe('SECONDLY')
  expect(refused.headers.get('x-hubspot-ratelimit-remaining')).toBeNull()
  now += 1000
  expect((await ask('POST', `${contacts}/search`, { limit: 1 })).status).toBe(200)
})

test('more than 190 calls in ten seconds are refused, and the headers count down', async () => {
  const left = []
  for (let count = 0; count < 191; count += 1) {
    const { status, headers } = await ask('GET', `${contacts}/100001`)
    left.push(status === 200 ? Number(headers.get('x-hubspot-ratelimit-remaining')) : status)
  }
  expect([left[0], left[189], left[190]]).toEqual([189, 0, 429])
})

test('a contact is created, changed, found by its change, archived and then listed as archived', async () => {
  const made = await ask('POST', contacts, { properties: { email: 'New@Example.com' } })
  expect(made.status).toBe(201)
  const again = await ask('POST', contacts, { properties: { email: 'new@example.com' } })
  expect([again.status, again.body.message]).toEqual([409, expect.stringContaining(made.body.id)])
  now += 5000
  const since = now
  const path = `${contacts}/${made.body.id}`
  await ask('PATCH', path, { properties: { firstname: 'Nia' } })
  const filters = [{ propertyName: 'lastmodifieddate', operator: 'GTE', value: String(since) }]
  const changed = await search({ filterGroups: [{ filters }] })
  expect(changed.body.results.map(({ properties }) => properties['firstname'])).toEqual(['Nia'])
  expect((await ask('DELETE', path)).status).toBe(204)
  expect((await ask('GET', path)).status).toBe(404)
  expect((await ask('PATCH', path, { properties: { firstname: 'X' } })).status).toBe(404)
  const archived = await ask('GET', `${contacts}?archived=true`)
  expect(archived.body.results.map(({ id }) => id)).toEqual([made.body.id])
  expect((await ask('POST', contacts, { properties: { nope: '1' } })).status).toBe(400)
})

test('a batch is read by id, and what is not there is left out', async () => {
  const inputs = [{ id: '100002' }, { id: '1' }, { id: '100001' }]
  const read = await ask('POST', `${contacts}/batch/read`, { inputs, properties: ['company'] })
  expect(read.body.results.map(({ id }) => id)).toEqual(['100002', '100001'])
})

test('a batch of changes happens at one moment, and a wrong one changes nothing', async () => {
  const change = (inputs: object[]) => ask('POST', `${contacts}/batch/update`, { inputs })
  const wrong = await change([
    { id: '100003', properties: { company: 'Wrong' } },
    { id: '100004', properties: { nope: '1' } },
  ])
  expect([wrong.status, wrong.body.category]).toEqual([400, 'VALIDATION_ERROR'])
  const inputs = ['100003', '100004', '1'].map((id) => ({ id, properties: { company: 'New' } }))
  const done = await change(inputs)
  const times = done.body.results.map(({ properties }) => properties['lastmodifieddate'])
  expect(times).toEqual(Array(2).fill(new Date(now).toISOString()))
  const filters = [{ propertyName: 'company', operator: 'EQ', value: 'New' }]
  expect((await search({ filterGroups: [{ filters }] })).body.total).toBe(2)
  const one = { id: '100003', properties: {} }
  expect((await change(Array<object>(101).fill(one))).status).toBe(400)
})

test('tokens that are made up, expired or missing are told apart', async () => {
  const categoryFor = async (headers: Record<string, string>) => {
    const response = await fetch(`${running.account.baseUrl}${contacts}`, { headers })
    return [response.status, ((await response.json()) as Body).category]
  }
  expect(await categoryFor({})).toEqual([401, 'MISSING_AUTHENTICATION'])
  const madeUp = { authorization: 'Bearer made-up' }
  expect(await categoryFor(madeUp)).toEqual([401, 'INVALID_AUTHENTICATION'])
  running.controls.tokens?.expireAccessTokens()
  expect((await ask('GET', contacts)).body.category).toBe('EXPIRED_AUTHENTICATION')
  await running.reset()
  expect((await ask('GET', contacts)).status).toBe(200)
})
