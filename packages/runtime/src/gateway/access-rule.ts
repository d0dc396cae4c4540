import type { AccessRule, Provider } from '@plumb/protocol'
import { asText, jsonIn, valueAt } from './body-value.js'

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** How an answer speaks about access; `scope` is what the provider says is missing. */
export type Denial = {
  readonly kind: 'access-revoked' | 'missing-scope'
  readonly scope: string | null
  /** The provider's words. */
  readonly reason: string
}

/** What the provider's rules, and RFC 6750 for every provider, say about an answer; null for nothing. */
export function findDenial(provider: Provider, answer: Answer): Denial | null {
  const { access, successPath } = provider.proxy
  const inBody = successPath !== undefined || access.some((rule) => rule.status === undefined)
  const success = answer.status >= 200 && answer.status < 300
  if (success && !inBody) return null
  const json = jsonIn(answer.body)
  if (success && successPath !== undefined && Boolean(valueAt(json, successPath))) return null
  const rule = access.find((candidate) => matches(candidate, answer, json))
  const reason = reasonOf(json)
  if (rule === undefined) return challengedDenial(answer, reason)
  const scope = rule.kind === 'missing-scope' ? scopeOf(rule, answer, json) : null
  return { kind: rule.kind, scope, reason }
}

function challengedDenial(answer: Answer, reason: string): Denial | null {
  const insufficient = /error="?insufficient_scope/.test(answer.headers['www-authenticate'] ?? '')
  if (answer.status !== 403 || !insufficient) return null
  return { kind: 'missing-scope', scope: challengedScope(answer), reason }
}

function matches(rule: AccessRule, answer: Answer, json: unknown): boolean {
  if (rule.status !== undefined && rule.status !== answer.status) return false
  if (rule.matches !== undefined) {
    const text =
      rule.path === undefined ? answer.body.toString('utf8') : asText(valueAt(json, rule.path))
    if (!new RegExp(rule.matches).test(text)) return false
  }
  return rule.grantedHeader === undefined || lacksScopes(rule, rule.grantedHeader, answer)
}

function lacksScopes(rule: AccessRule, grantedHeader: string, answer: Answer): boolean {
  const granted = answer.headers[grantedHeader.toLowerCase()]
  const required = listed(answer.headers[(rule.scopeHeader ?? '').toLowerCase()] ?? '')
  // Without the list of granted scopes the token is of a kind that the rule does not speak about.
  if (granted === undefined || required.length === 0) return false
  return !listed(granted).some((scope) => required.includes(scope))
}

function listed(header: string): string[] {
  return header
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '')
}

function scopeOf(rule: AccessRule, answer: Answer, json: unknown): string | null {
  const fromBody = rule.scopePath === undefined ? undefined : valueAt(json, rule.scopePath)
  const named = Array.isArray(fromBody) ? fromBody.map(asText).join(', ') : asText(fromBody)
  const header = answer.headers[(rule.scopeHeader ?? '').toLowerCase()] ?? ''
  return [named, header].find((scope) => scope !== '') ?? challengedScope(answer)
}

function challengedScope(answer: Answer): string | null {
  return /\bscope="([^"]+)"/.exec(answer.headers['www-authenticate'] ?? '')?.[1] ?? null
}

const reasonPaths = ['error.message', 'message', 'error_description', 'error', 'errors.0.message']

/** The provider's own words in an error body. */
export function reasonOf(json: unknown): string {
  const found = reasonPaths
    .map((path) => valueAt(json, path))
    .find((value) => typeof value === 'string')
  return asText(found).slice(0, 300)
}
