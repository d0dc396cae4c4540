import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { PlumbError } from '@plumb/protocol'
import type { Database, Queryable } from './database.js'

export type Migration = { readonly number: number; readonly name: string; readonly sql: string }

/** The migrations of this version, in order. `directory` holds files such as `0001_build_loop.sql`. */
export async function loadMigrations(
  directory: URL = new URL('../../migrations/', import.meta.url),
): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => ({
      number: Number(name.slice(0, 4)),
      name,
      sql: await readFile(new URL(name, directory), 'utf8'),
    })),
  )
}

/** Identifies a migration's text for ever. */
export function migrationHash(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex')
}

/**
 * Applies the migrations that the database lacks, one transaction each, one process at a time.
 * Refuses a database of a newer version, and migrations that changed after they were applied.
 */
export async function migrate(db: Database, migrations: readonly Migration[]): Promise<void> {
  await db.withLock('migrations', async () => {
    await db.query('create schema if not exists plumb')
    await db.query(`create table if not exists plumb.migrations (
      number int primary key, name text not null, hash text not null,
      applied_at timestamptz not null default now())`)
    const applied = await db.query<AppliedMigration>(
      'select number, name, hash from plumb.migrations order by number',
    )
    for (const entry of applied) refuseDifference(entry, migrations)
    const done = new Set(applied.map((entry) => entry.number))
    for (const migration of migrations) {
      if (!done.has(migration.number)) await db.transaction((tx) => apply(tx, migration))
    }
  })
}

type AppliedMigration = { number: number; name: string; hash: string }

function refuseDifference(applied: AppliedMigration, migrations: readonly Migration[]): void {
  const own = migrations.find((migration) => migration.number === applied.number)
  if (own === undefined) {
    throw new PlumbError({
      code: 'database-version',
      message: `The database has migration ${applied.name}, which this version of Plumb does not know.`,
      remedy: 'A newer Plumb has used this database. Update Plumb, or use another database.',
    })
  }
  const hash = migrationHash(own)
  if (hash === applied.hash) return
  throw new PlumbError({
    code: 'database-migration',
    message: `Migration ${own.name} has hash ${hash}, but ${applied.hash} was applied to this database.`,
    remedy:
      'A released migration is frozen. Restore its text and put the change in a new migration.',
  })
}

async function apply(db: Queryable, migration: Migration): Promise<void> {
  try {
    await db.query(migration.sql)
  } catch (cause) {
    throw new PlumbError({
      code: 'database-migration',
      message: `Migration ${migration.name} failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy:
        'Nothing of it was kept. The user of the database needs the right to create tables in it.',
      cause,
    })
  }
  await db.query('insert into plumb.migrations (number, name, hash) values ($1, $2, $3)', [
    migration.number,
    migration.name,
    migrationHash(migration),
  ])
}
