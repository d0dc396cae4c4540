import type { TestAccount } from '../test-account.js'

export type AccountCall = {
  readonly method?: string
  /** Replaces the account's own token; null sends none. */
  readonly token?: string | null
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as a form, instead of JSON. */
  readonly form?: Readonly<Record<string, string>>
  readonly json?: unknown
}

export type Answer<Body> = {
  readonly status: number
  readonly headers: Headers
  /** Null where the answer had no body. */
  readonly body: Body
}

function ownToken({ credential }: TestAccount): string | null {
  if (credential.kind === 'oauth2') return credential.accessToken
  return credential.kind === 'bearer' ? credential.token : null
}

function bodyOf({ form, json }: AccountCall): { body?: string; type: Record<string, string> } {
  if (form)
    return {
      body: String(new URLSearchParams(form)),
      type: { 'content-type': 'application/x-www-form-urlencoded' },
    }
  if (json === undefined) return { type: {} }
  return { body: JSON.stringify(json), type: { 'content-type': 'application/json' } }
}

/** Calls an account over HTTP; `Body` is what the caller expects the answer to be. */
export async function callAccount<Body>(
  account: TestAccount,
  path: string,
  call: AccountCall = {},
): Promise<Answer<Body>> {
  const token = call.token === undefined ? ownToken(account) : call.token
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  const { type, body } = bodyOf(call)
  const response = await fetch(account.baseUrl + path, {
    method: call.method ?? 'GET',
    headers: { ...authorization, ...type, ...call.headers },
    ...(body === undefined ? {} : { body }),
  })
  const text = await response.text()
  const parsed = (text === '' ? null : JSON.parse(text)) as Body
  return { status: response.status, headers: response.headers, body: parsed }
}
