import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createEnvironment, listSecretKeys } from '@plumb/store'
import { createSecretKey } from '../api/keys.js'
import type { Plumb } from './plumb.js'

export type FirstKey = {
  /** The key, only when it was made now. */
  readonly text: string
  /** The file that keeps it for commands of the same user. */
  readonly path: string
}

/** Makes the environment and its first key where there are none; null where there are. */
export async function ensureFirstKey(
  { db, environment }: Pick<Plumb, 'db' | 'environment'>,
  home: string,
): Promise<FirstKey | null> {
  return db.withLock(`first key of ${environment}`, async () => {
    await createEnvironment(db, { name: environment, createdAt: new Date().toISOString() })
    const keys = await listSecretKeys(db, environment)
    if (keys.length > 0) return null
    const made = { environment, name: 'first key', scopes: ['*'] as const }
    const { text } = await createSecretKey(db, made)
    return { text, path: await keepKey(home, environment, text) }
  })
}

/** The key that was kept for commands of this user; null when there is none. */
export async function readKeptKey(home: string, environment: string): Promise<string | null> {
  const text = await readFile(pathOf(home, environment), 'utf8').catch(() => '')
  return text.trim() || null
}

async function keepKey(home: string, environment: string, text: string): Promise<string> {
  const path = pathOf(home, environment)
  await mkdir(join(home, 'server'), { recursive: true, mode: 0o700 })
  await writeFile(path, `${text}\n`, { mode: 0o600 })
  // The mode of a file that was there already is not changed by writing to it.
  await chmod(path, 0o600)
  return path
}

function pathOf(home: string, environment: string): string {
  return join(home, 'server', `${environment}.key`)
}
