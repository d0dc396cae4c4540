import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

const run = promisify(execFile)
const command = fileURLToPath(new URL('../../bin/plumb.js', import.meta.url))
let folder = ''

/** A package with a command in few files and one in many, which say what they are. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-bundled-'))
  for (const name of ['bin', 'src', 'dist/plumb', 'dist/cli'])
    await mkdir(join(folder, name), { recursive: true })
  await copyFile(command, join(folder, 'bin/plumb.js'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'dist/plumb/main.js'), "console.log('few files')")
  await writeFile(join(folder, 'dist/cli/main.js'), "console.log('many files')")
  await writeFile(join(folder, 'dist/.tsbuildinfo'), '{}')
  const { mtimeMs } = await stat(join(folder, 'dist/.tsbuildinfo'))
  await writeMadeFrom({ '../.tsbuildinfo': mtimeMs })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function writeMadeFrom(times: Readonly<Record<string, number>>) {
  return writeFile(join(folder, 'dist/plumb/made-from.json'), JSON.stringify(times))
}

async function started(): Promise<string> {
  const { stdout } = await run(process.execPath, [join(folder, 'bin/plumb.js')])
  return stdout.trim()
}

test('in a working tree the bundle is what was compiled last, or it is not used', async () => {
  expect(await started()).toBe('few files')
  await utimes(join(folder, 'dist/.tsbuildinfo'), new Date(), new Date(Date.now() + 5000))
  expect(await started()).toBe('many files')
  await rm(join(folder, 'dist/.tsbuildinfo'))
  expect(await started()).toBe('many files')
})

test('an installed package is as it was made, whatever the times of its files', async () => {
  await rm(join(folder, 'src'), { recursive: true })
  await writeMadeFrom({ '../.tsbuildinfo': 1, '../../../not/installed': 2 })
  expect(await started()).toBe('few files')
})

test('without a bundle the command starts as it was compiled', async () => {
  await rm(join(folder, 'dist/plumb'), { recursive: true })
  expect(await started()).toBe('many files')
})

test('a trace that is asked for names the sources', async () => {
  const given = ['--verbose', 'deploy', 'nowhere/x']
  const failed = await run(process.execPath, [command, ...given], { cwd: folder }).catch(
    (error: unknown) => error as { readonly stderr: string },
  )
  expect(failed.stderr).toMatch(/at wrongInput .*packages\/app\/src\/.*\.ts:\d+/)
})
