import { randomBytes, randomUUID } from 'node:crypto'
import { keyContracts, PlumbError } from '@plumb/protocol'
import type { ApiScope } from '@plumb/protocol'
import { listSecretKeys, requireEnvironment, revokeSecretKey, saveSecretKey } from '@plumb/store'
import type { Database, SecretKey } from '@plumb/store'
import { allows } from '../http/authorize.js'
import { secretKeyHash, secretKeyText } from '../http/secret-key-text.js'
import { handle } from './handler.js'
import type { Handler } from './handler.js'

type NewSecretKey = Pick<SecretKey, 'environment' | 'name' | 'scopes'>

/** Makes and stores a key; its text is nowhere but in what this returns. */
export async function createSecretKey(
  db: Pick<Database, 'query'>,
  { environment, name, scopes }: NewSecretKey,
): Promise<{ readonly key: SecretKey; readonly text: string }> {
  const text = secretKeyText(randomBytes)
  const key: SecretKey = {
    ...{ id: `key_${randomUUID().replaceAll('-', '')}`, environment, name, scopes },
    ...{ createdAt: new Date().toISOString(), lastUsedAt: null, revokedAt: null },
  }
  await saveSecretKey(db, key, secretKeyHash(text))
  return { key, text }
}

export const keyHandlers: readonly Handler[] = [
  handle(keyContracts.list, async (_, { plumb, environment }) => ({
    keys: (await listSecretKeys(plumb.db, environment)).map(shown),
  })),
  handle(keyContracts.create, async (given, { plumb, environment, scopes: own = ['*'] }) => {
    const { name, scopes } = given
    const more = scopes.filter((scope) => !allows(own, scope))
    if (more.length > 0) throw tooMuch(more)
    await requireEnvironment(plumb.db, environment)
    const { key, text } = await createSecretKey(plumb.db, { environment, name, scopes })
    return { ...shown(key), secret_key: text }
  }),
  handle(keyContracts.revoke, async ({ id }, { plumb, environment }) => {
    const at = new Date().toISOString()
    if (!(await revokeSecretKey(plumb.db, { environment, id, at }))) throw unknownKey(id)
    plumb.knownKeys.forget()
    return { success: true as const }
  }),
]

function shown(key: SecretKey) {
  const { id, name, scopes, createdAt, lastUsedAt, revokedAt } = key
  return {
    ...{ id, name, scopes: [...scopes] },
    ...{ created_at: createdAt, last_used_at: lastUsedAt, revoked_at: revokedAt },
  }
}

function tooMuch(scopes: readonly ApiScope[]): PlumbError {
  return new PlumbError({
    code: 'forbidden',
    message: `The key that asks may not do ${scopes.join(', ')} itself, and cannot make a key that does.`,
    remedy: 'Leave these scopes out, or ask with a key that has them.',
  })
}

function unknownKey(id: string): PlumbError {
  return new PlumbError({
    code: 'key-unknown',
    message: `There is no secret key "${id.slice(0, 100)}" in this environment.`,
    remedy: 'Use an id that `plumb keys list` shows.',
  })
}
