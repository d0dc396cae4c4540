import { startAccounts } from '@plumb/testbed/accounts'
import type { Accounts } from '@plumb/testbed/accounts'
import { afterEach, expect, test } from 'vitest'
import issues from '../examples/github/syncs/issues.js'
import { searchById, searchChanges } from '../examples/hubspot/search-contacts.js'

/* What changes while an example walks: nothing may be passed over, and no search may meet its end. */

let accounts: Accounts | null = null
afterEach(() => accounts?.close())

type Call = {
  readonly endpoint: string
  readonly data?: unknown
  readonly params?: Readonly<Record<string, unknown>>
}

async function openAccount(provider: string, clock?: () => Date) {
  accounts = await startAccounts({ only: [provider], ...(clock && { clock }) })
  const [account] = accounts.accounts
  if (account?.credential.kind !== 'oauth2') throw new Error('The account has no OAuth token.')
  const { baseUrl, credential } = account
  return async (method: string, { endpoint, data, params = {} }: Call) => {
    const given = Object.entries(params).filter(([, value]) => value !== undefined)
    const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
    const answer = await fetch(`${baseUrl}${endpoint}?${query}`, {
      method,
      headers: {
        ...{ authorization: `Bearer ${credential.accessToken}` },
        'content-type': 'application/json',
      },
      ...(data !== undefined && { body: JSON.stringify(data) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${endpoint} answered ${answer.status}: ${text}`)
    return { data: text === '' ? null : (JSON.parse(text) as unknown), status: answer.status }
  }
}

/** A context whose `post` asks HubSpot; half a second goes by before each call, for its limits. */
async function openContacts() {
  let now = Date.parse('2026-06-01T00:00:00.000Z')
  const ask = await openAccount('hubspot', () => new Date(now))
  const contacts = '/crm/v3/objects/contacts'
  const later = (call: Call, method = 'POST') => {
    now += 500
    return ask(method, call)
  }
  return {
    ctx: { post: later } as unknown as Parameters<typeof searchById>[0],
    archive: (id: string) => later({ endpoint: `${contacts}/${id}` }, 'DELETE'),
    /** All at one moment, as an import does. */
    async change(ids: readonly number[]) {
      now += 20_000
      for (let start = 0; start < ids.length; start += 100) {
        const inputs = ids.slice(start, start + 100)
        const data = { inputs: inputs.map((id) => ({ id, properties: { company: 'New' } })) }
        await ask('POST', { endpoint: `${contacts}/batch/update`, data })
      }
      const changedAt = now
      now += 20_000
      return new Date(changedAt).toISOString()
    },
  }
}

const upTo = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at)

test('contacts that are archived during a walk take no others with them', async () => {
  const { ctx, archive } = await openContacts()
  const found: string[] = []
  for await (const page of searchById(ctx, { after: '122000' })) {
    found.push(...page.map(({ id }) => id))
    if (page[0] !== undefined) await archive(page[0].id)
  }
  expect(found).toEqual(upTo(122_001, 3000).map(String))
})

test('more changes of one moment than a search can be paged through are all found', async () => {
  const { ctx, change } = await openContacts()
  const changed = upTo(100_001, 10_301)
  const since = await change(changed)
  await change([124_000, 124_001])
  const found = new Set<string>()
  for await (const page of searchChanges(ctx, since)) for (const { id } of page) found.add(id)
  expect([...found].map(Number).sort()).toEqual([...changed, 124_000, 124_001].sort())
})

test('contacts that change during a walk take no others with them', async () => {
  const { ctx, change } = await openContacts()
  const since = await change(upTo(100_001, 150))
  await change(upTo(110_001, 450))
  const found = new Set<string>()
  let pages = 0
  for await (const page of searchChanges(ctx, since)) {
    for (const { id } of page) found.add(id)
    pages += 1
    // The first of the page go to the end, and what lies behind moves up.
    if (pages < 3) await change(page.slice(0, 40).map(({ id }) => Number(id)))
  }
  expect(found.size).toBe(600)
})

test('issues that change during a walk take no others with them', async () => {
  const ask = await openAccount('github')
  const repository = { owner: 'plumb-demo', repo: 'handbook' }
  const endpoint = '/repos/plumb-demo/handbook/issues'
  for (const title of upTo(1, 230).map(String)) await ask('POST', { endpoint, data: { title } })
  const found = new Set<number>()
  let pages = 0
  let since: unknown = null
  await issues.exec({
    getMetadata: async () => repository,
    getCheckpoint: async () => null,
    saveCheckpoint: async (checkpoint: { since: string }) => void (since = checkpoint.since),
    batchSave: async (saved: readonly { number: number }[]) => {
      for (const { number } of saved) found.add(number)
    },
    async get(call: Call) {
      const answer = await ask('GET', call)
      pages += 1
      // The oldest are the first of the first page: the next page moves up by as many.
      const oldest = pages === 1 ? [1, 2, 3] : []
      for (const number of oldest)
        await ask('PATCH', { endpoint: `${endpoint}/${number}`, data: { title: 'Changed' } })
      return answer
    },
  } as never)
  expect(found.size).toBe(234)
  expect(pages).toBeLessThan(6)
  expect(Date.parse(String(since))).toBeGreaterThan(0)
})
