import { createHash } from 'node:crypto'
import { chown, lstat, mkdir, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import { errorCode } from './explain-database-error.js'
import type { ServerIdentity } from './server-identity.js'

/** Socket addresses hold about 100 bytes on every system. */
const pathLimit = 100
const mostTries = 50

/** Where the server of a data directory has its socket: short, and the same for every process. */
export function socketDirOf(dataDir: string, temporary: string = tmpdir()): string {
  const name = `plumb-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`
  const path = join(temporary, name)
  return Buffer.byteLength(join(path, '.s.PGSQL.5432')) < pathLimit ? path : join('/tmp', name)
}

/** Makes the directory for the server's user alone: whoever can enter it is let into the database. */
export async function makeSocketDir({
  socketDir,
  identity,
}: {
  socketDir: string
  identity: ServerIdentity
}): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      if (await makeOwn(socketDir, identity)) return
      break
    } catch (error) {
      // The last user of another server has removed it in between.
      if (errorCode(error) !== 'ENOENT' || tries === mostTries) throw error
    }
  }
  const uid = identity.owner?.uid ?? process.getuid?.() ?? 0
  throw new PlumbError({
    code: 'database-unavailable',
    message: `The socket directory ${socketDir} is not a directory that belongs to user ${uid} alone.`,
    remedy: `Remove ${socketDir} after checking who made it, and run the command again.`,
  })
}

/** False when somebody else has it, or may enter it. */
async function makeOwn(socketDir: string, { owner }: ServerIdentity): Promise<boolean> {
  await mkdir(socketDir, { recursive: true, mode: 0o700 })
  const found = await lstat(socketDir)
  const own = process.getuid?.() ?? 0
  const uid = owner?.uid ?? own
  const ours = found.isDirectory() && [own, uid].includes(found.uid) && (found.mode & 0o077) === 0
  if (ours && owner !== null) await chown(socketDir, uid, owner.gid)
  return ours
}

/** Removes the directory of a server that has stopped; one that is in use again stays. */
export async function removeSocketDir(socketDir: string): Promise<void> {
  await rmdir(socketDir).catch(() => undefined)
}
