import { PlumbError } from '@plumb/protocol'
import type { Provider, ProviderRequest } from '@plumb/protocol'

export type WriteRule = (request: ProviderRequest, path: string) => boolean

/**
 * Says whether a call may change the account: its method decides, then the provider's `reads` and `writes`
 * and the `reads` of the caller. `path` is relative to the base URL, without query.
 */
export function createWriteRule(provider: Provider, reads: readonly string[] = []): WriteRule {
  const readPatterns = [...(provider.proxy.reads ?? []), ...reads].map(toPattern)
  const writePatterns = (provider.proxy.writes ?? []).map(toPattern)
  return (request, path) => {
    const call = `${request.method} ${path.replace(/^\/+/, '')}`
    if (readPatterns.some((pattern) => pattern.test(call))) return false
    if (writePatterns.some((pattern) => pattern.test(call))) return true
    if (['GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'REPORT'].includes(request.method)) return false
    return !isGraphQlQuery(request, path)
  }
}

function toPattern(rule: string): RegExp {
  const [method = '', path = ''] = rule.split(/ (.*)/)
  const part = (text: string) => text.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${part(method)} ${part(path.replace(/^\/+/, ''))}$`)
}

/** GraphQL sends queries and mutations alike as POST. */
function isGraphQlQuery(request: ProviderRequest, path: string): boolean {
  if (request.method !== 'POST' || !/(^|\/)graphql(\.json)?$/.test(path)) return false
  if (request.body?.encoding !== 'utf8') return false
  try {
    const body: unknown = JSON.parse(request.body.text)
    const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : null
    return typeof query === 'string' && !/\b(mutation|subscription)\b/.test(query)
  } catch {
    return false
  }
}

const idempotencyHeaders = ['idempotency-key', 'x-idempotency-key']

/** Whether sending `request` twice is safe: it reads, or the provider recognises the second time. */
export function isRepeatable(request: ProviderRequest, write: boolean): boolean {
  if (!write) return true
  const names = Object.keys(request.headers).map((name) => name.toLowerCase())
  return idempotencyHeaders.some((name) => names.includes(name))
}

/** Counts writes and refuses those that are not allowed. */
export class WriteBudget {
  #made = 0
  readonly #limit: number | null
  readonly #allowed: boolean

  constructor(o: { readonly writeLimit?: number; readonly allowWrites?: boolean }) {
    this.#limit = o.writeLimit ?? null
    this.#allowed = o.allowWrites ?? true
  }

  /** Takes one write for `call`. Throws PlumbError `request-invalid` when there is none left. */
  take(call: string): void {
    if (!this.#allowed) {
      throw refusal(
        `"${call}" was not sent: it may change the account, and writes are not allowed here.`,
        'Use a reading call, or allow writes (`--allow-writes`; in a brief, `writes` of the interaction).',
      )
    }
    if (this.#limit !== null && this.#made >= this.#limit) {
      throw refusal(
        `"${call}" was not sent: it would be write ${this.#made + 1} of this execution, and ${this.#limit} may be made.`,
        'Make fewer calls that change the account, or raise `writes` of the interaction.',
      )
    }
    this.#made++
  }
}

function refusal(message: string, remedy: string): PlumbError {
  return new PlumbError({ code: 'request-invalid', message, remedy })
}
