import type { BlockedCause, Connection, Provider } from '@plumb/protocol'
import { findDenial, reasonOf } from './access-rule.js'
import type { Denial } from './access-rule.js'
import { jsonIn } from './body-value.js'
import type { Exchange } from './exchanger.js'

type Owner = { readonly provider: Provider; readonly connection: Connection }

/** What an exchange says about access: a denial by rule, a bare 401, or nothing. */
export function denialOf(provider: Provider, exchange: Exchange): Denial | null {
  const { answer } = exchange
  if (answer.kind === 'failure') return null
  const denial = findDenial(provider, answer)
  if (denial !== null || answer.status !== 401) return denial
  return { kind: 'access-revoked', scope: null, reason: reasonOf(jsonIn(answer.body)) }
}

/**
 * Decides whether the whole connection has lost access. A missing scope is said by the provider itself; a
 * refusal is believed when the probe is refused too (`probe` is null when the provider has nothing to probe).
 */
export function judgeAccess(
  owner: Owner,
  refused: { readonly exchange: Exchange; readonly denial: Denial },
  probe: Exchange | null,
): BlockedCause | null {
  const { exchange, denial } = refused
  const receiptIds = [exchange, ...(probe === null ? [] : [probe])].map(
    ({ receiptId }) => receiptId,
  )
  if (denial.kind === 'missing-scope') return missingScope(owner, { exchange, denial, receiptIds })
  if (probe !== null && denialOf(owner.provider, probe)?.kind !== 'access-revoked') return null
  return {
    kind: 'access-revoked',
    message: `${owner.provider.displayName} refuses ${nameOf(owner)}: ${tell(exchange, denial)}.`,
    remedy: reconnectRemedy(owner.connection),
    receiptIds,
  }
}

function missingScope(
  owner: Owner,
  found: {
    readonly exchange: Exchange
    readonly denial: Denial
    readonly receiptIds: readonly string[]
  },
): BlockedCause {
  const what = tellScopes(found.denial.scope)
  return {
    kind: 'missing-scope',
    message: `${owner.provider.displayName} refuses ${nameOf(owner)} for a missing scope: ${tell(found.exchange, found.denial)}.`,
    remedy: `Add ${what} to the authorisation at ${owner.provider.displayName}, and reconnect ${nameOf(owner)}.`,
    receiptIds: found.receiptIds,
  }
}

/** Where a provider names several, most mean that one of them would do. */
function tellScopes(scope: string | null): string {
  if (scope === null) return 'the missing scope'
  const scopes = scope.split(/[ ,]+/).filter((name) => name !== '')
  const named = scopes.map((name) => `"${name}"`)
  return named.length === 1
    ? `the scope ${named[0]}`
    : `the scope that is needed (${named.join(', ')})`
}

function tell(exchange: Exchange, denial: Denial): string {
  const { call } = exchange
  const path = URL.canParse(call.url) ? new URL(call.url).pathname : call.url
  const reason = denial.reason === '' ? '' : ` "${denial.reason}"`
  return `${call.method} ${path} was answered with ${call.status}${reason}`
}

function nameOf({ connection }: Owner): string {
  return `connection "${connection.connectionId}" of "${connection.integrationKey}"`
}

/** What the person must do about a connection that no longer opens its account. */
export function reconnectRemedy(
  connection: Pick<Connection, 'connectionId' | 'integrationKey'>,
): string {
  return `Reconnect connection "${connection.connectionId}" of "${connection.integrationKey}".`
}
