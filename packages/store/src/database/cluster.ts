import { chown, mkdir, readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import { diskFull, errorCode } from './explain-database-error.js'
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js'
import { chooseServerIdentity, type ServerIdentity } from './server-identity.js'
import { socketDirOf } from './socket-directory.js'

/** One embedded server's files and how its programs are run. */
export type Cluster = {
  readonly dataDir: string
  /** PostgreSQL's own directory inside `dataDir`. */
  readonly pgData: string
  readonly logFile: string
  readonly socketDir: string
  readonly binaries: PostgresBinaries
  readonly identity: ServerIdentity
  /** False trades safety after a power failure for speed; for tests. */
  readonly durable: boolean
}

/** Makes the directories and finds the programs. Throws `database-unavailable`, `database-version` or `disk-full`. */
export async function prepareCluster(dataDir: string, durable: boolean): Promise<Cluster> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    const real = await realpath(dataDir)
    const pgData = join(real, 'cluster')
    const binaries = await findPostgresBinaries(join(real, 'postgres'))
    await refuseOtherVersion(pgData, binaries.major)
    const identity = chooseServerIdentity({
      uid: process.getuid?.(),
      dataOwner: await ownerOf(pgData),
      dataDir,
    })
    if (identity.owner !== null) await chown(real, identity.owner.uid, identity.owner.gid)
    const socketDir = socketDirOf(real)
    const logFile = join(real, 'server.log')
    return { dataDir: real, pgData, logFile, socketDir, binaries, identity, durable }
  } catch (error) {
    throw explainDirectoryError(error, dataDir)
  }
}

function explainDirectoryError(error: unknown, dataDir: string): unknown {
  const code = errorCode(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(dataDir, error)
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT'].includes(code)) return error
  return new PlumbError({
    code: 'database-unavailable',
    message: `The data directory ${dataDir} cannot be used (${code}): ${(error as Error).message}`,
    remedy: 'Choose a directory that this user may write, or make this user its owner.',
    cause: error,
  })
}

async function refuseOtherVersion(pgData: string, major: number): Promise<void> {
  const text = await readFile(join(pgData, 'PG_VERSION'), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  })
  if (text === null || text.trim() === String(major)) return
  throw new PlumbError({
    code: 'database-version',
    message: `The data directory ${pgData} was made by PostgreSQL ${text.trim()}, but this Plumb brings ${major}.`,
    remedy: `Move it with pg_dump of version ${text.trim()} and psql, or use another data directory.`,
  })
}

async function ownerOf(path: string): Promise<{ uid: number; gid: number } | null> {
  const found = await stat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  })
  return found === null ? null : { uid: found.uid, gid: found.gid }
}
