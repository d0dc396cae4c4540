import { listVariables, requireEnvironment, saveVariable } from '@plumb/store'
import type { ConnectionStore } from '../connections/integrations.js'

type Parts = Pick<ConnectionStore, 'db' | 'keys' | 'environment'>

/** What `getEnvironmentVariables` answers in an environment, in clear. Throws PlumbError `keys-invalid`. */
export async function readVariables({
  db,
  keys,
  environment,
}: Parts): Promise<Readonly<Record<string, string>>> {
  const stored = await listVariables(db, environment)
  return Object.fromEntries(
    stored.map(({ name, encryptedValue }) => [
      name,
      keys.decrypt(encryptedValue, variableContext(environment, name)),
    ]),
  )
}

/** Stores a variable for the functions of an environment, encrypted. `now` is ISO 8601. Throws PlumbError `environment-unknown`. */
export async function setVariable(
  { db, keys, environment }: Parts,
  { name, value, now }: { readonly name: string; readonly value: string; readonly now: string },
): Promise<void> {
  await requireEnvironment(db, environment)
  const encryptedValue = keys.encrypt(value, variableContext(environment, name))
  await saveVariable(db, environment, { name, encryptedValue, updatedAt: now })
}

/** Binds a value to its place, so that it cannot be moved to another one. */
export function variableContext(environment: string, name: string): string {
  return `variable ${environment}/${name}`
}
