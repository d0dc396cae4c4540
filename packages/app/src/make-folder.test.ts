import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeFolder } from './make-folder.js'

let place = ''

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'plumb-make-folder-'))
})
afterAll(() => rm(place, { recursive: true, force: true }))

test('a folder is made with all above it, for its owner alone, by several at once', async () => {
  const path = join(place, 'a b', 'ü', 'c')
  await Promise.all([1, 2, 3].map(() => makeFolder(path, 0o700)))
  for (const one of [path, join(place, 'a b')]) expect((await stat(one)).mode & 0o777).toBe(0o700)
})

test('what is there stays as it is', async () => {
  await makeFolder(place, 0o755)
  expect((await stat(place)).mode & 0o777).toBe(0o700)
  await makeFolder('/')
})

test.skipIf(process.platform !== 'linux')(
  'a place that takes no folders is told instead of being asked for ever',
  async () => {
    await expect(makeFolder('/proc/plumb/data')).rejects.toMatchObject({ code: 'ENOENT' })
  },
)

test('a file in the way is told', async () => {
  const file = join(place, 'file')
  await writeFile(file, '')
  await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(makeFolder(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
})
