import { createIntegration, listIntegrations } from '@plumb/store'
import type { ConnectionStore } from '../connections/integrations.js'

export type NeededIntegrations = {
  /** They do not exist, but there is a provider of their name. */
  readonly creatable: readonly string[]
  /** They do not exist, and nothing says what they are. */
  readonly unknown: readonly string[]
}

type Parts = Pick<ConnectionStore, 'db' | 'environment' | 'providers'>

/** Which of the integrations that functions belong to the environment lacks. */
export async function neededIntegrations(
  { db, environment, providers }: Parts,
  functions: readonly { readonly integrationKey: string }[],
): Promise<NeededIntegrations> {
  const existing = await listIntegrations(db, environment)
  const known = new Set(existing.map(({ integrationKey }) => integrationKey))
  const keys = new Set(functions.map(({ integrationKey }) => integrationKey))
  const lacking = [...keys].filter((key) => !known.has(key)).sort()
  return {
    creatable: lacking.filter((key) => providers.has(key)),
    unknown: lacking.filter((key) => !providers.has(key)),
  }
}

/** Creates integrations from the providers of their names; one that exists by now stays as it is. */
export async function createIntegrations(
  { db, environment }: Parts,
  keys: readonly string[],
): Promise<void> {
  for (const key of keys) {
    await createIntegration(db, environment, { integrationKey: key, provider: key })
  }
}

/** What a person has to do about integrations that nothing says anything about. */
export function warningsOf({ unknown }: NeededIntegrations): readonly string[] {
  return unknown.map(
    (key) =>
      `There is no integration "${key}", and no provider of that name. Its functions are deployed, but nobody can connect: ` +
      `add the integration with \`plumb connections add ${key} <name> --provider <provider>\`, or a provider entry.`,
  )
}
