import { access, chown, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import type { Cluster } from './cluster.js'
import { diskFull, errorCode } from './explain-database-error.js'
import { runProgram } from './postgres-program.js'

const choices = [
  '--username=plumb',
  '--auth=trust',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  '--data-checksums',
  '--no-instructions',
]

/** Creates PostgreSQL's directory unless it is there. Made aside and renamed, so that it is whole or absent. */
export async function initialiseCluster(
  cluster: Cluster,
  onProgress: (message: string) => void,
): Promise<void> {
  if (await exists(join(cluster.pgData, 'PG_VERSION'))) return
  onProgress(`Creating the database in ${cluster.dataDir}`)
  const aside = await mkdtemp(join(cluster.dataDir, 'new-'))
  try {
    const { owner } = cluster.identity
    if (owner !== null) await chown(aside, owner.uid, owner.gid)
    const extra = cluster.durable ? [] : ['--no-sync']
    const result = await runProgram(cluster, 'initdb', ['-D', aside, ...choices, ...extra])
    if (result.exitCode !== 0) throw explainFailure(cluster, result.output)
    await rename(aside, cluster.pgData)
  } catch (error) {
    await rm(aside, { recursive: true, force: true })
    // Another process has created it meanwhile.
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error))) throw error
  }
}

function explainFailure(cluster: Cluster, output: string): PlumbError {
  if (/No space left on device|Disk quota exceeded/.test(output)) return diskFull(cluster.dataDir)
  return new PlumbError({
    code: 'database-unavailable',
    message: `PostgreSQL could not create a database in ${cluster.dataDir}: ${output.trim().slice(-600)}`,
    remedy: remedyFor(cluster),
  })
}

function remedyFor({ dataDir, identity }: Cluster): string {
  const own = 'or set DATABASE_URL to a PostgreSQL of your own.'
  if (identity.owner === null) return `Mend what the last line names, ${own}`
  return `PostgreSQL does not run as root, so it runs as user ${identity.owner.uid}, who must be able to reach ${dataDir} and the installed packages. Move them to where that user may read, run Plumb as an ordinary user, ${own}`
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
