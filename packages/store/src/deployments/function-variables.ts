import type { Queryable } from '../database/database.js'

/** What functions of an environment read as an environment variable. The value is encrypted by the caller. */
export type FunctionVariable = {
  readonly name: string
  readonly encryptedValue: string
  readonly updatedAt: string
}

/** All variables of an environment, by name. */
export async function listVariables(
  db: Queryable,
  environment: string,
): Promise<readonly FunctionVariable[]> {
  return db.query(
    `select name, encrypted_value as "encryptedValue", updated_at as "updatedAt"
     from plumb.function_variables where environment = $1 order by name`,
    [environment],
  )
}

/** Stores a variable, or replaces the one of that name. */
export async function saveVariable(
  db: Queryable,
  environment: string,
  { name, encryptedValue, updatedAt }: FunctionVariable,
): Promise<void> {
  await db.query(
    `insert into plumb.function_variables (environment, name, encrypted_value, updated_at)
     values ($1, $2, $3, $4)
     on conflict (environment, name) do update set
       encrypted_value = excluded.encrypted_value, updated_at = excluded.updated_at`,
    [environment, name, encryptedValue, updatedAt],
  )
}

/** False when there is none of that name. */
export async function removeVariable(
  db: Queryable,
  environment: string,
  name: string,
): Promise<boolean> {
  const removed = await db.query(
    `delete from plumb.function_variables where environment = $1 and name = $2 returning name`,
    [environment, name],
  )
  return removed.length > 0
}
