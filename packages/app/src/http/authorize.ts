import { PlumbError } from '@plumb/protocol'
import type { ApiScope } from '@plumb/protocol'
import type { SecretKey } from '@plumb/store'
import type { KnownKeys } from '../server/known-keys.js'
import { secretKeyHash } from './secret-key-text.js'

/** Who calls, as its secret key says. */
export type Caller = {
  readonly keyId: string
  readonly environment: string
  readonly scopes: readonly ApiScope[]
}

/**
 * Whose key an `Authorization` header carries. `scope` is what it must be allowed to do.
 * Throws PlumbErrors `unauthorized` and `forbidden`.
 */
export async function authorize(
  keys: KnownKeys,
  header: string | undefined,
  scope: ApiScope,
): Promise<Caller> {
  const key = await keys.use(secretKeyHash(bearerOf(header)))
  if (key === null) throw unauthorized('The secret key is not known, or was revoked.')
  if (!allows(key.scopes, scope)) throw forbidden(key, scope)
  return { keyId: key.id, environment: key.environment, scopes: key.scopes }
}

/** Whether scopes include one; `*` includes all. */
export function allows(scopes: readonly ApiScope[], wanted: ApiScope): boolean {
  return scopes.includes('*') || scopes.includes(wanted)
}

function bearerOf(header: string | undefined): string {
  const token = /^Bearer +(\S{1,500})$/i.exec(header ?? '')?.[1]
  if (token !== undefined) return token
  const what =
    header === undefined
      ? 'no Authorization header'
      : 'an Authorization header that is no bearer token'
  throw unauthorized(`The request has ${what}.`)
}

function unauthorized(message: string): PlumbError {
  return new PlumbError({
    code: 'unauthorized',
    message,
    remedy:
      'Send `Authorization: Bearer <secret key>`; `plumb keys create` makes a key of an environment.',
  })
}

function forbidden(key: SecretKey, scope: ApiScope): PlumbError {
  return new PlumbError({
    code: 'forbidden',
    message: `The secret key "${key.name}" may ${key.scopes.join(', ')}, and this needs ${scope}.`,
    remedy: `Use a key with the scope: \`plumb keys create <name> --scopes ${scope}\`.`,
  })
}
