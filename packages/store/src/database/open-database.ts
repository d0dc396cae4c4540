import { PlumbError } from '@plumb/protocol'
import { prepareCluster } from './cluster.js'
import type { Database } from './database.js'
import { initialiseCluster } from './initialise-cluster.js'
import { keepServer } from './keep-server.js'
import { loadMigrations, migrate } from './migrate.js'
import { openPooledDatabase } from './pooled-database.js'
import type { ServerLease } from './server-lease.js'
import { startServer } from './start-server.js'

export type OpenDatabaseOptions = {
  /** `postgres://...`; without it the embedded PostgreSQL in `dataDir` is used. */
  readonly url?: string
  readonly dataDir?: string
  readonly onProgress?: (message: string) => void
  readonly signal?: AbortSignal
}

/** The oldest PostgreSQL that `url` may name. */
const oldestMajor = 15

/**
 * Opens the database and brings its tables up to date. The only function that knows whether PostgreSQL is
 * embedded or somebody else's. Throws `database-unavailable`, `database-version`, `database-migration` or `disk-full`.
 */
export async function openDatabase(o: OpenDatabaseOptions): Promise<Database> {
  const db = o.url === undefined ? await openEmbedded(o) : await openExternal(o.url)
  try {
    await migrate(db, await loadMigrations())
    return db
  } catch (error) {
    await db.close()
    throw error
  }
}

async function openEmbedded(o: OpenDatabaseOptions): Promise<Database> {
  if (o.dataDir === undefined) {
    throw new PlumbError({
      code: 'config-invalid',
      message: 'Neither a database URL nor a data directory is given.',
      remedy: 'Give "dataDir" for the embedded PostgreSQL, or set DATABASE_URL.',
    })
  }
  const lease = await leaseServer({ ...o, dataDir: o.dataDir, durable: true })
  return openPooledDatabase({
    kind: 'embedded',
    connection: lease.connection,
    where: o.dataDir,
    onClose: () => lease.release(),
  })
}

type LeaseOptions = OpenDatabaseOptions & { readonly dataDir: string; readonly durable: boolean }

/** A running embedded server in `dataDir`, created, started or adopted. */
export async function leaseServer(o: LeaseOptions): Promise<ServerLease> {
  const cluster = await prepareCluster(o.dataDir, o.durable)
  await initialiseCluster(cluster, o.onProgress ?? (() => undefined))
  return keepServer(cluster, await startServer(cluster, o.signal))
}

async function openExternal(url: string): Promise<Database> {
  const db = openPooledDatabase({
    kind: 'external',
    connection: {
      connectionString: url,
      application_name: 'plumb',
      connectionTimeoutMillis: 10_000,
    },
    where: addressOf(url),
  })
  try {
    const [row] = await db.query<{ version: string }>(
      `select current_setting('server_version_num') as version`,
    )
    refuseOldServer(Number(row?.version), addressOf(url))
    return db
  } catch (error) {
    await db.close()
    throw error
  }
}

function refuseOldServer(version: number, where: string): void {
  const major = Math.floor(version / 10_000)
  if (major >= oldestMajor) return
  throw new PlumbError({
    code: 'database-version',
    message: `The server at ${where} is PostgreSQL ${major}. Plumb needs ${oldestMajor} or newer.`,
    remedy: 'Update the server, or unset DATABASE_URL to use the embedded one.',
  })
}

/** The URL without user, password and options. */
function addressOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed !== null && /^postgres(ql)?:$/.test(parsed.protocol)) {
    return `${parsed.protocol}//${parsed.host}${parsed.pathname}`
  }
  throw new PlumbError({
    code: 'config-invalid',
    message: `The database URL is not of the form postgres://user:password@host:port/name (it has ${url.length} characters).`,
    remedy: 'Correct DATABASE_URL, or unset it to use the embedded PostgreSQL.',
  })
}
