import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConnectionStore, Gateway } from '@plumb/runtime'
import { openGateway, openKeys } from '@plumb/runtime'
import { PlumbError } from '@plumb/protocol'
import { loadProviders } from '@plumb/providers'
import { openDatabase } from '@plumb/store'
import type { Config } from './config.js'
import { makeFolder } from './make-folder.js'
import { defaultSettings } from './settings/read-settings.js'

/** What most operations work with: database, keys, the provider catalog and the gateway. */
export type Workbench = ConnectionStore & {
  readonly gateway: Gateway
  close(): Promise<void>
}

export type WorkbenchOptions = {
  readonly config: Config
  readonly signal: AbortSignal
  readonly progress?: (line: string) => void
}

/** Opens the data folder (created when missing) or `DATABASE_URL`. The caller closes what it gets. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { config, signal, progress } = options
  const place = config.databaseUrl === null ? { dataDir: config.home } : { url: config.databaseUrl }
  await makeDataFolder(config.home)
  const directories = await providerFolders(config.directory)
  const keys = await openKeys(join(config.home, 'keys'), { masterKeys: masterKeysOf(config) })
  // The database starts while the catalog is read.
  const opening = openDatabase({ ...place, signal, ...(progress && { onProgress: progress }) })
  // Its failure may come before anybody waits for it.
  opening.catch(() => undefined)
  const providers = await loadProviders({ directories }).catch(async (error: unknown) => {
    await opening.then((db) => db.close()).catch(() => undefined)
    throw error
  })
  const db = await opening
  const { callsAtOnce, rateLimitWaitSeconds } = config.settings ?? defaultSettings
  const gateway = openGateway({
    ...{ db, keys, providers, environment: config.environmentName },
    ...{ callsAtOnce, maxWaitMs: rateLimitWaitSeconds * 1000 },
  })
  return {
    db,
    keys,
    providers,
    environment: config.environmentName,
    gateway,
    close: async () => {
      await gateway.close()
      await db.close()
    },
  }
}

/** Makes the folder of database, keys and workspaces, for its owner alone. Throws PlumbErrors `config-invalid`, `disk-full`. */
export async function makeDataFolder(home: string): Promise<void> {
  await makeFolder(home, 0o700).catch((cause: NodeJS.ErrnoException) => {
    throw new PlumbError({
      code: ['ENOSPC', 'EDQUOT'].includes(cause.code ?? '') ? 'disk-full' : 'config-invalid',
      message: `The data folder "${home}" cannot be made: ${cause.message}.`,
      remedy: 'Set PLUMB_HOME to a folder that this user may write to.',
      cause,
    })
  })
}

/** Those that the settings name; none where the keys folder has them. */
export function masterKeysOf({ settings }: Config): readonly string[] {
  return (settings?.masterKeys ?? '').split(/[\s,]+/).filter((key) => key !== '')
}

/** Opens a workbench for the time of `work`. */
export async function withWorkbench<Result>(
  options: WorkbenchOptions,
  work: (workbench: Workbench) => Promise<Result>,
): Promise<Result> {
  const workbench = await openWorkbench(options)
  try {
    return await work(workbench)
  } finally {
    await workbench.close()
  }
}

/** A project's own entries stand in `providers/` of the working folder. */
export async function providerFolders(directory: string): Promise<string[]> {
  const folder = join(directory, 'providers')
  const exists = await access(folder).then(
    () => true,
    () => false,
  )
  return exists ? [folder] : []
}
