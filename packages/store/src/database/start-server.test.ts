import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from './database.js'
import { openDatabase } from './open-database.js'
import { linkLibraries } from './postgres-binaries.js'

const packageRoot = fileURLToPath(new URL('../../', import.meta.url))
const built = (file: string) => JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href)
const isRoot = process.getuid?.() === 0
const nobody = 65534

let root: string
beforeAll(async () => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const result = spawnSync(process.execPath, [tsc, '-b', packageRoot], { encoding: 'utf8' })
  expect(result.stdout).toBe('')
  root = await mkdtemp(join(await realpath(tmpdir()), 'plumb-store-'))
  await chmod(root, 0o755)
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** Another process, which prints a line when `code` has run and then waits to be killed. */
async function startProcess(
  code: string,
  uid?: number,
  env?: NodeJS.ProcessEnv,
): Promise<ChildProcess> {
  const script = `import { openDatabase } from ${built('index.js')}
    ${code}
    console.log('ready')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
    ...(env === undefined ? {} : { env }),
  })
  const [first] = (await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit'),
  ])) as unknown[]
  expect(String(first)).toBe('ready\n')
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

const writing = (dataDir: string) =>
  `const db = await openDatabase({ dataDir: ${JSON.stringify(dataDir)} })
   await db.query("insert into plumb.integrations values ('kept', '{}', 'dev')")`

const serverPid = async (dataDir: string) =>
  Number.parseInt(await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8'), 10)

const isAlive = (pid: number) => spawnSync('kill', ['-0', String(pid)]).status === 0

const kept = (db: Database) => db.query('select integration_key from plumb.integrations')

test('after SIGKILL of its process the server is adopted, and its next last user stops it', async () => {
  const dataDir = join(root, 'adopted')
  const child = await startProcess(writing(dataDir))
  const pid = await serverPid(dataDir)
  await kill(child)
  expect(isAlive(pid)).toBe(true)
  const db = await openDatabase({ dataDir })
  expect(await serverPid(dataDir)).toBe(pid)
  expect(await kept(db)).toHaveLength(1)
  await db.close()
  expect(isAlive(pid)).toBe(false)
})

test('a server that another process uses goes on when this one closes', async () => {
  const dataDir = join(root, 'used')
  const child = await startProcess(writing(dataDir))
  const pid = await serverPid(dataDir)
  await (await openDatabase({ dataDir })).close()
  expect(isAlive(pid)).toBe(true)
  await kill(child)
  await (await openDatabase({ dataDir })).close()
  expect(isAlive(pid)).toBe(false)
})

test('after SIGKILL of process and server what was committed is there', async () => {
  const dataDir = join(root, 'recovered')
  const child = await startProcess(writing(dataDir))
  const pid = await serverPid(dataDir)
  process.kill(pid, 'SIGKILL')
  await kill(child)
  const db = await openDatabase({ dataDir })
  expect(await serverPid(dataDir)).not.toBe(pid)
  expect(await kept(db)).toHaveLength(1)
  await db.close()
})

test('a lock file whose process id now belongs to another program does not stop a start', async () => {
  const dataDir = join(root, 'reused')
  await (await openDatabase({ dataDir })).close()
  await writeFile(
    join(dataDir, 'cluster', 'postmaster.pid'),
    `${process.pid}\n${join(dataDir, 'cluster')}\n1\n5432\n/nowhere\n\n1 1\nready\n`,
  )
  const db = await openDatabase({ dataDir })
  expect(await db.query('select 1')).toHaveLength(1)
  await db.close()
})

test.runIf(isRoot)(
  'an ordinary user runs its own server, and root later runs it as that user',
  async () => {
    const dataDir = join(root, 'ordinary')
    await mkdir(dataDir)
    await chown(dataDir, nobody, nobody)
    const child = await startProcess(writing(dataDir), nobody)
    const pid = await serverPid(dataDir)
    expect((await stat(`/proc/${pid}`)).uid).toBe(nobody)
    // Its user goes first, who would start it again.
    await kill(child)
    process.kill(pid, 'SIGINT')
    await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false)
    const db = await openDatabase({ dataDir })
    expect(await kept(db)).toHaveLength(1)
    const log = await stat(join(dataDir, 'cluster', 'postmaster.pid'))
    expect(log.uid).toBe(nobody)
    await db.close()
  },
)

test.runIf(isRoot)(
  'a directory that an ordinary user may not write is an error with a remedy',
  async () => {
    const dataDir = join(root, 'forbidden')
    await mkdir(dataDir, { mode: 0o700 })
    const options = JSON.stringify({ dataDir: join(dataDir, 'data') })
    const child = await startProcess(
      `const error = await openDatabase(${options}).catch((error) => error)
     if (error.code !== 'database-unavailable') throw error
     if (!error.message.includes('forbidden') || !error.remedy) throw error`,
      nobody,
    )
    await kill(child)
  },
)

test('libraries are linked in place where the package is writable, and in a private copy elsewhere', async () => {
  const directory = join(root, 'package', 'native')
  await mkdir(join(directory, 'lib'), { recursive: true })
  await writeFile(join(directory, 'lib', 'libx.so.1.2'), 'library')
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }]
  await writeFile(join(directory, 'pg-symlinks.json'), JSON.stringify(links))
  const copyTo = join(root, 'copies', '18')
  await mkdir(join(root, 'copies'), { mode: 0o777 })
  await chmod(join(root, 'copies'), 0o777)
  await chmod(join(directory, 'lib'), 0o555)
  const code = `import { linkLibraries } from ${built('database/postgres-binaries.js')}
    for (const round of [1, 2]) {
      const used = await linkLibraries(${JSON.stringify(directory)}, ${JSON.stringify(copyTo)})
      if (used !== ${JSON.stringify(join(copyTo, 'native'))}) throw new Error(used)
    }`
  await kill(await startProcess(code, isRoot ? nobody : undefined))
  expect(await readlink(join(copyTo, 'native', 'lib', 'libx.so.1'))).toBe('libx.so.1.2')
  await expect(lstat(join(directory, 'lib', 'libx.so.1'))).rejects.toThrow('ENOENT')

  await chmod(join(directory, 'lib'), 0o755)
  expect(await linkLibraries(directory, copyTo)).toBe(directory)
  expect(await readFile(join(directory, 'lib', 'libx.so.1'), 'utf8')).toBe('library')
})

test.runIf(isRoot)(
  'root without user namespaces runs the server as an unprivileged user',
  async () => {
    const programs = join(root, 'programs')
    await mkdir(programs)
    await symlink('/bin/true', join(programs, 'true'))
    const dataDir = join(root, 'fallback')
    const child = await startProcess(writing(dataDir), undefined, { PATH: programs })
    const pid = await serverPid(dataDir)
    expect((await stat(`/proc/${pid}`)).uid).not.toBe(0)
    await kill(child)
    const db = await openDatabase({ dataDir })
    expect(await kept(db)).toHaveLength(1)
    await db.close()
    expect(isAlive(pid)).toBe(false)
  },
)

test.runIf(isRoot)('root with no way to become another user is told what to do', async () => {
  const options = JSON.stringify({ dataDir: join(root, 'neither') })
  const code = `const error = await openDatabase(${options}).catch((error) => error)
    if (error.code !== 'database-unavailable' || !/as root/.test(error.message)) throw error
    if (!/ordinary user.*DATABASE_URL/.test(error.remedy)) throw error`
  await kill(await startProcess(code, undefined, { PATH: '/nowhere' }))
})
