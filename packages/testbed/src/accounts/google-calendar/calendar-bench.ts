import { startAccounts } from '../start-accounts.js'
import type { AccountControls, TestAccount } from '../test-account.js'
import { callAccount } from '../testing/call-account.js'
import type { AccountCall, Answer } from '../testing/call-account.js'

export const base = '/calendar/v3'
export const events = `${base}/calendars/primary/events`

type Event = {
  id: string
  etag: string
  summary: string
  status: string
  start: { dateTime: string }
}
export type Events = { items: Event[]; nextPageToken?: string; nextSyncToken?: string }
export type Failure = { error: { code: number; message: string; errors: [{ reason: string }] } }

/** A calendar account whose clock stands still, and short ways to talk to it. */
export type CalendarBench = {
  readonly account: TestAccount
  readonly controls: AccountControls
  readonly call: <Body = Event>(path: string, options?: AccountCall) => Promise<Answer<Body>>
  readonly insert: (json: object) => Promise<Answer<Event>>
  /** The status of a refusal and Google's reason for it. */
  readonly reasonOf: (path: string, options?: AccountCall) => Promise<[number, string]>
  /** Reads all pages: how many entries each had, and the last one. */
  readonly readPages: (query: string, path?: string) => Promise<{ sizes: number[]; last: Events }>
  /** Moves the clock on. */
  readonly wait: (milliseconds: number) => void
  readonly reset: () => Promise<void>
  readonly close: () => Promise<void>
}

const start = Date.parse('2026-03-01T08:00:00Z')

/** Opens a calendar account, with `extraScopes` granted, at 2026-03-01T08:00:00Z. */
export async function openCalendarBench(extraScopes: string[] = []): Promise<CalendarBench> {
  let now = start
  const accounts = await startAccounts({
    only: ['google-calendar'],
    clock: () => new Date(now),
    extraScopes,
  })
  const [account] = accounts.accounts
  if (!account) throw new Error('The calendar account did not start.')
  const call = <Body = Event>(path: string, options: AccountCall = {}) =>
    callAccount<Body>(account, path, options)
  return {
    account,
    controls: accounts.controls('google-calendar'),
    call,
    insert: (json) => call(events, { method: 'POST', json }),
    async reasonOf(path, options) {
      const { status, body } = await call<Failure>(path, options)
      return [status, body.error.errors[0].reason]
    },
    async readPages(query, path = events) {
      const sizes: number[] = []
      let pageToken = ''
      for (;;) {
        const page = pageToken ? `&pageToken=${pageToken}` : ''
        const answer: Answer<Events> = await call<Events>(`${path}?${query}${page}`)
        sizes.push(answer.body.items.length)
        if (!answer.body.nextPageToken) return { sizes, last: answer.body }
        pageToken = answer.body.nextPageToken
      }
    },
    wait(milliseconds) {
      now += milliseconds
    },
    async reset() {
      now = start
      await accounts.reset()
    },
    close: () => accounts.close(),
  }
}
