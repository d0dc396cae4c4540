import { PlumbError } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'
import { listEnvironments } from '../environments/environments.js'

/** Throws PlumbError `environment-unknown`. */
export async function requireEnvironment(db: Queryable, environment: string): Promise<void> {
  const found = await db.query('select name from plumb.environments where name = $1', [environment])
  if (found.length === 0) throw await environmentUnknown(db, environment)
}

/** Lets nobody else deploy to the environment until the transaction ends. Throws PlumbError `environment-unknown`. */
export async function holdEnvironment(tx: Queryable, environment: string): Promise<void> {
  const found = await tx.query(
    'select name from plumb.environments where name = $1 for no key update',
    [environment],
  )
  if (found.length === 0) throw await environmentUnknown(tx, environment)
}

async function environmentUnknown(db: Queryable, environment: string): Promise<PlumbError> {
  const names = (await listEnvironments(db)).map(({ name }) => name)
  return new PlumbError({
    code: 'environment-unknown',
    message: `There is no environment "${environment}".`,
    remedy: `Use one of ${names.join(', ')}, or add it: \`plumb environments add ${environment}\`.`,
  })
}
