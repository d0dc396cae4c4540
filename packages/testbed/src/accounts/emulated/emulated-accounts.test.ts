import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startAccounts } from '../start-accounts.js'
import type { Accounts } from '../start-accounts.js'
import type { TestAccount } from '../test-account.js'
import { callAccount } from '../testing/call-account.js'
import type { AccountCall, Answer } from '../testing/call-account.js'

let accounts: Accounts
let now = Date.now()

beforeAll(async () => {
  accounts = await startAccounts({
    only: ['github', 'slack', 'google-mail'],
    clock: () => new Date(now),
  })
})
beforeEach(async () => {
  now = Date.now()
  await accounts.reset()
})
afterAll(() => accounts.close())

/** The members of answers that the tests look at. */
type Seen = {
  login?: string
  user?: string
  emailAddress?: string
  title: string
  state: string
  channels: { id: string }[]
  response_metadata: { next_cursor: string }
  labels: { name: string }[]
  access_token: string
}
type Issue = { number: number; pull_request?: { url: string } }

function accountOf(provider: string): TestAccount {
  const account = accounts.accounts.find((one) => one.provider === provider)
  if (!account) throw new Error(`no ${provider}`)
  return account
}

function call<Body = Seen>(provider: string, path: string, options: AccountCall = {}) {
  return callAccount<Body>(accountOf(provider), path, options)
}

describe('the check endpoint of each provider', () => {
  it.each([
    ['github', '/user'],
    ['slack', '/auth.test'],
    ['google-mail', '/gmail/v1/users/me/profile'],
  ])('answers at %s%s', async (provider, path) => {
    const { status, body } = await call(provider, path)
    expect(status).toBe(200)
    expect(body.login ?? body.user ?? body.emailAddress).toMatch(/demo/)
  })
})

describe('a made-up token', () => {
  it('is refused by GitHub', async () => {
    const { status, body } = await call('github', '/user', { token: 'gho_invented' })
    expect(status).toBe(401)
    expect(body).toMatchObject({ message: 'Bad credentials' })
  })

  it('is refused by Slack with 200', async () => {
    const { status, body } = await call('slack', '/auth.test', { token: 'xoxp-invented' })
    expect(status).toBe(200)
    expect(body).toEqual({ ok: false, error: 'invalid_auth' })
  })

  it('is refused by Gmail', async () => {
    const { status, body } = await call('google-mail', '/gmail/v1/users/me/labels', {
      token: 'ya29.x',
    })
    expect(status).toBe(401)
    expect(body).toMatchObject({ error: { status: 'UNAUTHENTICATED' } })
  })
})

describe('GitHub issues', () => {
  const issues = '/repos/plumb-demo/handbook/issues'

  it('contain the pull request, over pages that the Link header connects', async () => {
    const { baseUrl } = accountOf('github')
    const numbers: number[] = []
    let path: string | null = `${issues}?per_page=2`
    while (path) {
      const answer: Answer<Issue[]> = await call<Issue[]>('github', path)
      const { body, headers } = answer
      numbers.push(...body.map(({ number }) => number))
      const next: string | undefined = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
      path = next?.replace(baseUrl, '') ?? null
    }
    expect(numbers).toEqual([5, 4, 3, 2, 1])
    const { body } = await call<Issue[]>('github', issues)
    expect(body[0]?.pull_request?.url).toBe(`${baseUrl}/repos/plumb-demo/handbook/pulls/5`)
  })

  it('are filtered by label, time and state', async () => {
    const bugs = await call<Issue[]>('github', `${issues}?labels=bug`)
    expect(bugs.body.map(({ number }) => number)).toEqual([4, 1])
    expect((await call('github', `${issues}?since=2999-01-01T00:00:00Z`)).body).toEqual([])
    expect((await call('github', `${issues}?state=closed`)).body).toEqual([])
  })

  it('can be read and closed by the number of a pull request', async () => {
    expect((await call('github', `${issues}/5`)).body.title).toBe('Fix the broken link')
    const closed = await call('github', `${issues}/5`, {
      method: 'PATCH',
      json: { state: 'closed' },
    })
    expect(closed.body.state).toBe('closed')
    expect((await call('github', `${issues}/4711`)).status).toBe(404)
  })
})

describe('Slack', () => {
  it('answers reads to GET with a query, and pages with a cursor', async () => {
    const first = await call('slack', '/conversations.list?limit=3')
    expect(first.body.channels).toHaveLength(3)
    const cursor = first.body.response_metadata.next_cursor
    const second = await call('slack', `/conversations.list?limit=3&cursor=${cursor}`)
    expect(second.body.channels[0]?.id).not.toBe(first.body.channels[0]?.id)
  })

  it('names the scope that is missing', async () => {
    const { status, body } = await call('slack', '/bookmarks.list', { method: 'POST', form: {} })
    expect(status).toBe(200)
    expect(body).toMatchObject({ ok: false, error: 'missing_scope', needed: 'bookmarks:read' })
  })

  it('answers 200 to a method that does not exist', async () => {
    const { status, body } = await call('slack', '/chat.shout', { method: 'POST', form: {} })
    expect(status).toBe(200)
    expect(body).toEqual({ ok: false, error: 'unknown_method' })
  })
})

describe('Gmail', () => {
  it('counts what is in the mailbox', async () => {
    const profile = await call('google-mail', '/gmail/v1/users/me/profile')
    expect(profile.body).toMatchObject({ messagesTotal: 4, threadsTotal: 4 })
  })

  it('refuses a token after an hour, and refreshes it', async () => {
    now += 3601 * 1000
    const path = '/gmail/v1/users/me/profile'
    expect((await call('google-mail', path)).status).toBe(401)
    const { credential, oauthClient } = accountOf('google-mail')
    if (credential.kind !== 'oauth2') throw new Error('no OAuth')
    const form = {
      grant_type: 'refresh_token',
      refresh_token: credential.refreshToken ?? '',
      client_id: oauthClient?.clientId ?? '',
      client_secret: oauthClient?.clientSecret ?? '',
    }
    const { body } = await call('google-mail', '/token', { method: 'POST', token: null, form })
    expect(body).toMatchObject({ expires_in: 3600, token_type: 'Bearer' })
    const token = body.access_token
    expect((await call('google-mail', path, { token })).status).toBe(200)
  })
})

describe('reset', () => {
  it('forgets what was written and the log of it', async () => {
    const label = { name: 'Short-lived' }
    await call('google-mail', '/gmail/v1/users/me/labels', { method: 'POST', json: label })
    expect(accounts.controls('google-mail').requests).toHaveLength(1)
    await accounts.reset()
    expect(accounts.controls('google-mail').requests).toHaveLength(0)
    const { body } = await call('google-mail', '/gmail/v1/users/me/labels')
    expect(body.labels.map(({ name }) => name)).not.toContain('Short-lived')
  })
})

it('refuses an account that does not exist by naming those that do', async () => {
  await expect(startAccounts({ only: ['gitlab'] })).rejects.toThrow(/"gitlab".*github, slack/)
})
