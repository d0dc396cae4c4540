import { environmentContracts, PlumbError } from '@plumb/protocol'
import { createEnvironment, listEnvironments } from '@plumb/store'
import { handle } from './handler.js'
import type { Handler } from './handler.js'
import { createSecretKey } from './keys.js'

export const environmentHandlers: readonly Handler[] = [
  handle(environmentContracts.list, async (_, { plumb }) => {
    const all = await listEnvironments(plumb.db)
    return { environments: all.map(({ name, createdAt }) => ({ name, created_at: createdAt })) }
  }),
  handle(environmentContracts.add, ({ name }, { plumb, scopes = ['*'] }) =>
    plumb.db.transaction(async (db) => {
      const createdAt = new Date().toISOString()
      const created = await createEnvironment(db, { name, createdAt })
      if (created === null) throw exists(name)
      const key = await createSecretKey(db, { environment: name, name: 'first key', scopes })
      return { name, created_at: created.createdAt, secret_key: key.text }
    }),
  ),
]

function exists(name: string): PlumbError {
  return new PlumbError({
    code: 'environment-exists',
    message: `There is an environment "${name}" already.`,
    remedy: 'Choose another name, or use the one that is there.',
  })
}
