import type { AuthOf, CredentialOf, Json } from '@plumb/protocol'
import { valueAt } from '../gateway/body-value.js'
import type { PreparedRequest, TransportAnswer } from '../gateway/transport.js'
import { signJwt } from './sign-jwt.js'
import { fillHeader, fillJson, fillText, fillUrl } from './templates.js'
import type { TemplateValues } from './templates.js'
import { mayBePrivate } from './token-client.js'
import { endAfter, secondsIn, timeIn } from './token-lifetime.js'
import { isPassing, readFields, textOf, unreachable } from './token-request.js'
import type { TokenAnswer } from './token-request.js'

type TokenRule = AuthOf<'two-step'>['token']
type Obtained = { readonly token: string; readonly expiresAt?: string }
export type MachineAnswer =
  ({ readonly kind: 'obtained' } & Obtained) | Exclude<TokenAnswer, { kind: 'tokens' }>

const timeoutMs = 60_000

/** The call that a provider entry declares for getting a token. Throws PlumbError `connection-invalid`. */
export function declaredRequest(
  rule: TokenRule,
  values: TemplateValues,
  overridden: string | undefined,
): PreparedRequest {
  const template = overridden ?? rule.url
  const url = new URL(fillUrl(template, values))
  for (const [name, text] of Object.entries(rule.query ?? {})) {
    url.searchParams.set(name, fillText(text, values))
  }
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'plumb' }
  const body = bodyOf(rule, values)
  if (body !== null) {
    const form = rule.bodyFormat === 'form'
    headers['content-type'] = form ? 'application/x-www-form-urlencoded' : 'application/json'
  }
  for (const [name, text] of Object.entries(rule.headers ?? {})) {
    headers[name.toLowerCase()] = fillHeader(text, values)
  }
  if (rule.basic !== undefined) {
    const pair = [rule.basic.username, rule.basic.password].map((text) => fillText(text, values))
    headers['authorization'] = `Basic ${Buffer.from(pair.join(':')).toString('base64')}`
  }
  const allowPrivateAddress = mayBePrivate(template, url.href, overridden !== undefined)
  const { method } = rule
  const own = { allowPrivateAddress, timeoutMs, freshSocket: true }
  return { method, url: url.href, headers, body, ...own }
}

function bodyOf(rule: TokenRule, values: TemplateValues): Buffer | null {
  if (rule.body === undefined || rule.method === 'GET') return null
  const filled = fillJson(rule.body, values)
  if (rule.bodyFormat === 'json') return Buffer.from(JSON.stringify(filled), 'utf8')
  const pairs = Object.entries(filled ?? {}).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return Buffer.from(new URLSearchParams(pairs).toString(), 'utf8')
}

/** Reads the answer to such a call. 4xx, but for "too many", means that the customer's values are refused. */
export function readDeclared(answer: TransportAnswer, rule: TokenRule, now: number): MachineAnswer {
  if (answer.kind === 'failure') return unreachable(answer)
  const text = answer.body.toString('utf8')
  const fields = readFields(text)
  const token = tokenIn(answer, rule.tokenPath, { text, fields })
  if (answer.status < 300 && token !== null) {
    return { kind: 'obtained', token, ...lifetimeOf(fields, rule, now) }
  }
  const said = textOf(fields['error']) ?? textOf(fields['message']) ?? textOf(fields['code'])
  const error = said ?? `status ${answer.status} without a token at "${rule.tokenPath}"`
  const refused = answer.status >= 400 && !isPassing(answer.status) && !isLimited(answer)
  if (refused) return { kind: 'rejected', error }
  return { kind: 'failed', error, remedy: 'Try again later.' }
}

/** Some providers say 403 to too many calls. */
function isLimited({ status, headers }: Extract<TransportAnswer, { kind: 'response' }>): boolean {
  const told = headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0'
  return status === 403 && told
}

function tokenIn(
  answer: Extract<TransportAnswer, { kind: 'response' }>,
  path: string,
  body: { readonly text: string; readonly fields: Json },
): string | null {
  if (path === 'text') return textOf(body.text.trim().replace(/^"(.*)"$/s, '$1'))
  if (path.startsWith('header:')) return textOf(answer.headers[path.slice(7).toLowerCase()])
  const found = valueAt(body.fields, path)
  return typeof found === 'number' ? String(found) : textOf(found)
}

/** When a token ends, by what the answer says or the entry knows. */
export function lifetimeOf(
  fields: Json,
  rule: Pick<TokenRule, 'expiresInPath' | 'expiresAtPath' | 'ttlSeconds'>,
  now: number,
): { expiresAt?: string } {
  const at = rule.expiresAtPath === undefined ? null : timeIn(valueAt(fields, rule.expiresAtPath))
  if (at !== null) return { expiresAt: at }
  const told =
    rule.expiresInPath === undefined ? null : secondsIn(valueAt(fields, rule.expiresInPath))
  const seconds = told ?? rule.ttlSeconds
  return seconds === undefined ? {} : { expiresAt: endAfter(now, seconds) }
}

/** Signs the token that a provider entry declares. Throws PlumbError `connection-invalid` for an unusable key. */
export function declaredJwt(
  auth: AuthOf<'jwt'>,
  values: TemplateValues,
  now: number,
): Obtained & { readonly expiresAt: string } {
  const seconds = Math.floor(now / 1000)
  const key = fillText(auth.key, values)
  const claims = fillJson(auth.claims, values) as Record<string, Json>
  const header = fillJson(auth.joseHeader ?? {}, values) as Record<string, string>
  const token = signJwt({
    algorithm: auth.algorithm,
    key: auth.algorithm === 'HS256' ? Buffer.from(key, auth.keyEncoding) : key,
    header,
    claims: { iat: seconds, exp: seconds + auth.ttlSeconds, ...claims },
  })
  return { token, expiresAt: new Date((seconds + auth.ttlSeconds) * 1000).toISOString() }
}

/** A credential that a machine completes with a token. */
export type MachineCredential = CredentialOf<'client-credentials' | 'two-step' | 'jwt' | 'app'>
