import { createHash, randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../database/database.js'
import { loadMigrations, migrate, migrationHash, type Migration } from '../database/migrate.js'
import { leaseServer } from '../database/open-database.js'
import { openPooledDatabase } from '../database/pooled-database.js'
import type { ServerLease } from '../database/server-lease.js'

export type TestDatabase = Database & AsyncDisposable

/**
 * A fresh, migrated database on a real embedded server, gone after `close()`. The server is shared by every
 * test process of this user and stops with the last of them; it keeps nothing safe from a power failure.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const migrations = await loadMigrations()
  const lease = await leaseServer({ dataDir: testDataDir(), durable: false })
  const name = `test_${process.pid}_${randomUUID().slice(0, 8)}`
  const admin = openOn(lease, 'postgres')
  await admin.withLock('template', () => prepareTemplate(admin, lease, migrations))
  await admin.query(`create database ${name} template ${templateName(migrations)}`)
  const db = openOn(lease, name)
  const close = async () => {
    await db.close()
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.close()
    await lease.release()
  }
  let closed: Promise<void> | undefined
  const closeOnce = () => (closed ??= close())
  return { ...db, close: closeOnce, [Symbol.asyncDispose]: closeOnce }
}

function testDataDir(): string {
  return join(tmpdir(), `plumb-test-server-${process.getuid?.() ?? 0}`)
}

function openOn(lease: ServerLease, database: string): Database {
  return openPooledDatabase({
    kind: 'embedded',
    connection: { ...lease.connection, database },
    where: `test database ${database}`,
  })
}

function templateName(migrations: readonly Migration[]): string {
  const hash = createHash('sha256')
  for (const migration of migrations) hash.update(migrationHash(migration))
  return `template_${hash.digest('hex').slice(0, 16)}`
}

/** Applies the migrations once per text of theirs; fresh databases are copies of the result. */
async function prepareTemplate(
  admin: Database,
  lease: ServerLease,
  migrations: readonly Migration[],
): Promise<void> {
  const name = templateName(migrations)
  const databases = await admin.query<{ datname: string }>('select datname from pg_database')
  const names = databases.map((row) => row.datname)
  if (names.includes(name)) return
  for (const left of names.filter((each) => isLeftOver(each))) {
    await admin.query(`drop database if exists ${left} with (force)`)
  }
  const unfinished = `${name}_unfinished`
  await admin.query(`drop database if exists ${unfinished} with (force)`)
  await admin.query(`create database ${unfinished}`)
  const template = openOn(lease, unfinished)
  await migrate(template, migrations).finally(() => template.close())
  await admin.query(`alter database ${unfinished} rename to ${name}`)
}

/** A database whose process was killed before it could drop it. */
function isLeftOver(name: string): boolean {
  const pid = /^test_(\d+)_/.exec(name)?.[1]
  if (pid === undefined) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch {
    return true
  }
}
