import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadProviders } from '@plumb/providers'
import type { LoadedProvider } from '@plumb/providers'
import { startAccounts } from './start-accounts.js'
import type { Accounts } from './start-accounts.js'
import { describedAccount } from './testing/described-account.js'
import type { Answered, DescribedAccount } from './testing/described-account.js'

let accounts: Accounts
let providers: ReadonlyMap<string, LoadedProvider>

beforeAll(async () => {
  accounts = await startAccounts()
  providers = await loadProviders()
})
afterAll(() => accounts.close())

function open(name: string): DescribedAccount {
  const account = accounts.accounts.find(({ provider }) => provider === name)
  const entry = providers.get(name)
  if (!account || !entry) throw new Error(`no ${name}`)
  return describedAccount(account, entry)
}

/** The members of answers that later calls need. */
type Seen = {
  id: string
  number: number
  state: string
  ts: string
  channel: { id: string }
  channels: { id: string; name: string }[]
  messages: { id: string }[]
}

function asDescribed(answered: Answered): Seen {
  expect(answered.mismatches).toEqual([])
  return answered.body as Seen
}

describe('the check endpoint of the catalog', () => {
  it.each(['github', 'slack', 'google-mail', 'google-calendar'])('answers for %s', async (name) => {
    const { status, body } = await open(name).check()
    expect(status).toBe(200)
    expect(body).not.toMatchObject({ ok: false })
  })
})

describe('the GitHub account', () => {
  const at = { owner: 'plumb-demo', repo: 'handbook' }

  it('answers what its description says', async () => {
    const { call } = open('github')
    asDescribed(await call('users/get-authenticated'))
    asDescribed(await call('repos/get', at))
    asDescribed(await call('repos/list-for-authenticated-user', { per_page: 1 }))
    const issue = asDescribed(
      await call('issues/create', at, { title: 'A', body: 'B', labels: ['bug'] }),
    )
    const issue_number = issue.number
    asDescribed(await call('issues/get', { ...at, issue_number }))
    asDescribed(await call('issues/create-comment', { ...at, issue_number }, { body: 'hi' }))
    asDescribed(await call('issues/list-comments', { ...at, issue_number }))
    const closed = asDescribed(
      await call('issues/update', { ...at, issue_number }, { state: 'closed' }),
    )
    expect(closed.state).toBe('closed')
    asDescribed(await call('issues/create-label', at, { name: 'ask', color: 'ff0000' }))
    asDescribed(await call('issues/list-labels-for-repo', at))
    asDescribed(await call('issues/list-for-repo', { ...at, state: 'all' }))
    asDescribed(await call('pulls/list', at))
  })
})

describe('the Slack account', () => {
  it('answers what its description says', async () => {
    const { call } = open('slack')
    asDescribed(await call('auth_test'))
    asDescribed(await call('users_list', { limit: 2 }))
    const { channels } = asDescribed(await call('conversations_list', { exclude_archived: true }))
    const channel = channels.find(({ name }) => name === 'launch')?.id ?? ''
    const { ts } = asDescribed(await call('chat_postMessage', {}, { channel, text: 'hello' }))
    asDescribed(await call('chat_postMessage', {}, { channel, text: 're', thread_ts: ts }))
    asDescribed(await call('conversations_replies', { channel, ts }))
    asDescribed(await call('conversations_history', { channel, limit: 2 }))
    asDescribed(await call('chat_update', {}, { channel, ts, text: 'better' }))
    asDescribed(await call('reactions_add', {}, { channel, timestamp: ts, name: 'eyes' }))
    const created = asDescribed(await call('conversations_create', {}, { name: 'described' }))
    const topic = { channel: created.channel.id, topic: 'T' }
    asDescribed(await call('conversations_setTopic', {}, topic))
    asDescribed(await call('conversations_info', { channel }))
    asDescribed(await call('users_lookupByEmail', { email: 'ada@plumb.example' }))
    asDescribed(await call('chat_delete', {}, { channel, ts }))
  })
})

describe('the Gmail account', () => {
  it('answers what its description says', async () => {
    const { call } = open('google-mail')
    const userId = 'me'
    asDescribed(await call('gmail.users.getProfile', { userId }))
    asDescribed(await call('gmail.users.labels.list', { userId }))
    const label = asDescribed(await call('gmail.users.labels.create', { userId }, { name: 'Case' }))
    const { id } = label
    asDescribed(await call('gmail.users.labels.patch', { userId, id }, { name: 'Case 2' }))
    asDescribed(await call('gmail.users.labels.update', { userId, id }, { name: 'Case 3' }))
    asDescribed(await call('gmail.users.labels.get', { userId, id }))
    const { messages } = asDescribed(await call('gmail.users.messages.list', { userId }))
    asDescribed(await call('gmail.users.messages.get', { userId, id: messages[0]?.id ?? '' }))
    const changed = { addLabelIds: [id], removeLabelIds: ['UNREAD'] }
    asDescribed(
      await call('gmail.users.messages.modify', { userId, id: messages[0]?.id ?? '' }, changed),
    )
    asDescribed(await call('gmail.users.threads.list', { userId }))
    const deleted = await call('gmail.users.labels.delete', { userId, id })
    expect(deleted.status).toBe(204)
  })
})

describe('the Google Calendar account', () => {
  it('answers what its description says', async () => {
    const { call } = open('google-calendar')
    const calendarId = asDescribed(await call('calendar.calendars.insert', {}, { summary: 'C' })).id
    const when = { start: { date: '2030-01-01' }, end: { date: '2030-01-02' } }
    const event = asDescribed(
      await call('calendar.events.insert', { calendarId }, { summary: 'E', ...when }),
    )
    const at = { calendarId, eventId: event.id }
    asDescribed(await call('calendar.events.get', at))
    asDescribed(await call('calendar.events.patch', at, { location: 'Vienna' }))
    asDescribed(await call('calendar.events.update', at, { summary: 'F', ...when }))
    asDescribed(await call('calendar.events.list', { calendarId, showDeleted: true }))
    asDescribed(await call('calendar.events.quickAdd', { calendarId, text: 'Tea' }))
    asDescribed(await call('calendar.events.move', { ...at, destination: 'primary' }))
    asDescribed(await call('calendar.events.delete', { calendarId: 'primary', eventId: event.id }))
    asDescribed(await call('calendar.calendars.patch', { calendarId }, { description: 'D' }))
    asDescribed(await call('calendar.calendars.get', { calendarId }))
    asDescribed(await call('calendar.calendarList.list'))
    asDescribed(await call('calendar.calendarList.patch', { calendarId }, { selected: false }))
    asDescribed(await call('calendar.settings.list'))
    asDescribed(await call('calendar.settings.get', { setting: 'timezone' }))
    asDescribed(await call('calendar.colors.get'))
    const range = { timeMin: '2030-01-01T00:00:00Z', timeMax: '2031-01-01T00:00:00Z' }
    asDescribed(
      await call('calendar.freebusy.query', {}, { ...range, items: [{ id: calendarId }] }),
    )
    asDescribed(await call('calendar.calendars.delete', { calendarId }))
  })
})
