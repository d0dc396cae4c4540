import { PlumbError } from '@plumb/protocol'
import type { ApiScope } from '@plumb/protocol'
import { findSecretKey, touchSecretKey } from '@plumb/store'
import type { Database, SecretKey } from '@plumb/store'
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
  db: Database,
  header: string | undefined,
  { scope, now }: { readonly scope: ApiScope; readonly now: number },
): Promise<Caller> {
  const key = await findSecretKey(db, secretKeyHash(bearerOf(header)))
  if (key === null) throw unauthorized('The secret key is not known, or was revoked.')
  noteUse(db, key, now)
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

const minuteMs = 60_000

/** Nobody waits for the note, and a database that cannot take it will say so where it matters. */
function noteUse(db: Database, key: SecretKey, now: number): void {
  if (key.lastUsedAt !== null && now - Date.parse(key.lastUsedAt) < minuteMs) return
  touchSecretKey(db, { id: key.id, at: new Date(now).toISOString() }).catch(() => undefined)
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
