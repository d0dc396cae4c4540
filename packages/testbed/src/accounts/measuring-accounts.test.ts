import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fileURLToPath } from 'node:url'
import { loadProviders } from '@plumb/providers'
import type { LoadedProvider } from '@plumb/providers'
import { startAccounts } from './start-accounts.js'
import type { Accounts } from './start-accounts.js'
import { callAccount } from './testing/call-account.js'
import type { AccountCall } from './testing/call-account.js'
import { describedAccount } from './testing/described-account.js'

let accounts: Accounts
let providers: ReadonlyMap<string, LoadedProvider>
let now = Date.parse('2026-03-01T08:00:00Z')

beforeAll(async () => {
  accounts = await startAccounts({ only: ['crm', 'desk'], clock: () => new Date(now) })
  const directories = ['crm', 'desk'].map((name) => fileURLToPath(new URL(name, import.meta.url)))
  providers = await loadProviders({ directories })
})
beforeEach(() => accounts.reset())
afterAll(() => accounts.close())

function accountOf(provider: string) {
  const account = accounts.accounts.find((one) => one.provider === provider)
  if (!account) throw new Error(`no ${provider}`)
  return account
}

function open(name: string) {
  const entry = providers.get(name)
  if (!entry) throw new Error(`no entry ${name}`)
  return describedAccount(accountOf(name), entry)
}

type Row = { id: number }

function crm<Body>(path: string, call: AccountCall = {}) {
  const { credential } = accountOf('crm')
  const key = credential.kind === 'api-key' ? credential.apiKey : ''
  return callAccount<Body>(accountOf('crm'), path, { headers: { 'x-api-key': key }, ...call })
}

const desk = <Body>(path: string, call: AccountCall = {}) =>
  callAccount<Body>(accountOf('desk'), path, call)

describe('the CRM', () => {
  it('answers what its description says', async () => {
    const { call, check, operationIds } = open('crm')
    expect((await check()).status).toBe(200)
    const name = { first_name: 'Ada', last_name: 'Example' }
    const deal = { title: 'D', amount_cents: 5 }
    const calls = [
      ['listContacts', { limit: 3 }],
      ['createContact', {}, name],
      ['getContact', { contact_id: 1 }],
      ['updateContact', { contact_id: 1 }, { phone: '1' }],
      ['deleteContact', { contact_id: 1 }],
      ['listCompanies', {}],
      ['createCompanyNote', { company_id: 1 }, { text: 'hi' }],
      ['listCompanyNotes', { company_id: 1 }],
      ['listDeals', { page: 2 }],
      ['createDeal', {}, deal],
    ] as const
    for (const [id, values, body] of calls)
      expect((await call(id, values, body)).mismatches).toEqual([])
    expect(operationIds.toSorted()).toEqual(calls.map(([id]) => id).toSorted())
  })

  it('pages by offset, by page number, and by what changed', async () => {
    type Page = { data: Row[]; meta: { total: number; total_pages: number } }
    const { body } = await crm<Page>('/v2/contacts?offset=20&limit=10')
    expect([body.data.length, body.meta.total]).toEqual([3, 23])
    const deals = await crm<Page>('/v2/deals?page=3')
    expect([deals.body.data.length, deals.body.meta.total_pages]).toEqual([2, 3])
    now += 1000
    await crm('/v2/contacts/7', { method: 'PATCH', json: { phone: '1' } })
    const changed = await crm<Page>(`/v2/contacts?updated_since=${new Date(now).toISOString()}`)
    expect(changed.body.data.map(({ id }) => id)).toEqual([7])
  })

  it('refuses wrong keys, missing and wrong fields', async () => {
    expect((await crm('/v2/deals', { headers: { 'x-api-key': 'made up' } })).status).toBe(401)
    const missing = await crm('/v2/deals', { method: 'POST', json: { title: 'D' } })
    expect(missing.body).toEqual({
      error: { code: 'missing_field', message: 'Missing: amount_cents.' },
    })
    const wrong = await crm('/v2/contacts/1', { method: 'PATCH', json: { email: 5 } })
    expect(wrong.body).toMatchObject({ error: { code: 'bad_field' } })
    expect((await crm('/v2/companies/99/notes')).status).toBe(404)
  })
})

describe('the help desk', () => {
  it('answers what its description says', async () => {
    const { call, check, operationIds } = open('desk')
    expect((await check()).status).toBe(200)
    const calls = [
      ['tickets.index', { limit: 3 }],
      ['tickets.create', {}, { subject: 'S', body: 'B' }],
      ['tickets.show', { id: 1 }],
      ['tickets.update', { id: 1 }, { status: 'solved' }],
      ['replies.create', { id: 1 }, { body: 'R' }],
      ['replies.index', { id: 1 }],
      ['tickets.destroy', { id: 1 }],
      ['agents.index', {}],
    ] as const
    for (const [id, values, body] of calls)
      expect((await call(id, values, body)).mismatches).toEqual([])
    expect(operationIds.toSorted()).toEqual(calls.map(([id]) => id).toSorted())
  })

  it('pages after the last id, and by the links of its answers', async () => {
    type Page = { tickets: Row[]; has_more: boolean }
    const first = await desk<Page>('/tickets?limit=10')
    expect([first.body.tickets[0]?.id, first.body.has_more]).toEqual([14, true])
    const second = await desk<Page>('/tickets?limit=10&after=5')
    expect([second.body.tickets.length, second.body.has_more]).toEqual([4, false])
    type Agents = { items: Row[]; links: { next: string | null } }
    const agents = await desk<Agents>('/agents')
    const next = agents.body.links.next?.replace(accountOf('desk').baseUrl, '') ?? ''
    expect((await desk<Agents>(next)).body.items.map(({ id }) => id)).toEqual([3, 4])
  })

  it('filters by deep objects and refuses what is not a valid form', async () => {
    type Page = { tickets: { status: string; priority: string }[] }
    const query = 'filter%5Bstatus%5D=solved&filter%5Bpriority%5D=high'
    const { body } = await desk<Page>(`/tickets?${query}`)
    expect(body.tickets.length).toBeGreaterThan(0)
    for (const ticket of body.tickets)
      expect(ticket).toMatchObject({ status: 'solved', priority: 'high' })
    const json = await desk('/tickets', { method: 'POST', json: { subject: 'S', body: 'B' } })
    expect(json.status).toBe(415)
    const invalid = await desk('/tickets', {
      method: 'POST',
      form: { subject: 'S', priority: 'urgent' },
    })
    expect([invalid.status, invalid.body]).toEqual([
      422,
      { errors: { body: ["can't be blank"], priority: ['is not one of low, normal, high'] } },
    ])
    expect((await desk('/tickets', { token: 'made-up' })).status).toBe(401)
  })
})
