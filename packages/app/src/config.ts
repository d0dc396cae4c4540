import { resolve } from 'node:path'
import { readFileSettings } from './settings/read-file-settings.js'
import { readSettings } from './settings/read-settings.js'
import type { Settings } from './settings/settings.js'

/** Everything Plumb reads from its surroundings, read once. */
export type Config = {
  /** Folder of the embedded database, the keys and the workspaces. */
  readonly home: string
  /** PostgreSQL to use instead of the embedded one. */
  readonly databaseUrl: string | null
  /** The folder the command was called in. */
  readonly directory: string
  /** Variables that may hold model keys; they never enter a box. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Whose integrations and connections commands work with. */
  readonly environmentName: string
  /** Opens a remote Plumb's API. */
  readonly secretKey: string | null
  /** The whole table; absent where defaults are meant. */
  readonly settings?: Settings
}

/** Reads the settings (docs/configuration.md) and the working folder. Throws PlumbError `config-invalid`. */
export async function readConfig(): Promise<Config> {
  const environment = process.env
  const directory = process.cwd()
  const file = await readFileSettings(directory)
  const { values } = readSettings({ environment, file })
  const { home, databaseUrl, environmentName, secretKey } = values
  return {
    ...{ databaseUrl, environmentName, secretKey, directory, environment },
    ...{ home: resolve(directory, home), settings: values },
  }
}

/** The variables of this process, for what decides how things are shown. */
export function readEnvironment(): Config['environment'] {
  return process.env
}
