import type { Queryable } from '../database/database.js'

export type Environment = { readonly name: string; readonly createdAt: string }

const columns = 'name, created_at as "createdAt"'

/** All environments, the oldest first. */
export async function listEnvironments(db: Queryable): Promise<readonly Environment[]> {
  return db.query<Environment>(
    `select ${columns} from plumb.environments order by created_at, name`,
  )
}

/** Null when there is one of that name already; it is not changed. */
export async function createEnvironment(
  db: Queryable,
  { name, createdAt }: Environment,
): Promise<Environment | null> {
  const [created] = await db.query<Environment>(
    `insert into plumb.environments (name, created_at) values ($1, $2)
     on conflict (name) do nothing returning ${columns}`,
    [name, createdAt],
  )
  return created ?? null
}
