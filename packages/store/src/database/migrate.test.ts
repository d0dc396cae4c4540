import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing/index.js'
import { loadMigrations, migrate, type Migration } from './migrate.js'

let db: TestDatabase
let released: readonly Migration[]
beforeAll(async () => {
  db = await openTestDatabase()
  released = await loadMigrations()
})
afterAll(() => db.close())

const next = (sql: string): Migration => ({
  number: released.length + 1,
  name: `${String(released.length + 1).padStart(4, '0')}_next.sql`,
  sql,
})

test('migrations are numbered from 1 without gaps', () => {
  expect(released.map((migration) => migration.number)).toEqual(
    released.map((_, index) => index + 1),
  )
})

test('a migration that fails leaves nothing of itself', async () => {
  const broken = next('create table plumb.half (n int); select 1 / 0')
  await expect(migrate(db, [...released, broken])).rejects.toMatchObject({
    code: 'database-migration',
    message: expect.stringMatching(/_next\.sql failed: division by zero/),
  })
  expect(await db.query(`select to_regclass('plumb.half') as found`)).toEqual([{ found: null }])
})

test('a new migration is applied once, also when several processes start at once', async () => {
  const all = [...released, next('create table plumb.extra (n int)')]
  await Promise.all([migrate(db, all), migrate(db, all), migrate(db, all)])
  const rows = await db.query('select number from plumb.migrations order by number')
  expect(rows).toEqual(all.map((migration) => ({ number: migration.number })))
})

test('an older Plumb refuses the database of a newer one', async () => {
  await expect(migrate(db, released)).rejects.toMatchObject({
    code: 'database-version',
    message: expect.stringContaining('_next.sql'),
  })
})

test('a released migration whose text changed is refused', async () => {
  const changed = released.map((migration) => ({ ...migration, sql: `${migration.sql}\n-- later` }))
  await expect(migrate(db, changed)).rejects.toMatchObject({
    code: 'database-migration',
    message: expect.stringContaining('0001_build_loop.sql'),
  })
})
