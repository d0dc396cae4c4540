import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { defaultEnvironment } from '@plumb/protocol'

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
  readonly userHome: string
  /** Whose integrations and connections commands work with. */
  readonly environmentName: string
  /** Opens a remote Plumb's API. */
  readonly secretKey: string | null
}

/** Reads `PLUMB_HOME`, `DATABASE_URL`, `PLUMB_ENVIRONMENT`, `PLUMB_SECRET_KEY` (empty ones count as not set) and the working folder. */
export function readConfig(): Config {
  const environment = process.env
  const directory = process.cwd()
  return {
    home: resolve(directory, environment['PLUMB_HOME'] || '.plumb'),
    databaseUrl: environment['DATABASE_URL'] || null,
    directory,
    environment,
    userHome: homedir(),
    environmentName: environment['PLUMB_ENVIRONMENT'] || defaultEnvironment,
    secretKey: environment['PLUMB_SECRET_KEY'] || null,
  }
}
