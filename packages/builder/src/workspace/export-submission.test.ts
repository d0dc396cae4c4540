import { execFileSync } from 'node:child_process'
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exportSubmission } from './export-submission.js'
import { changedProtectedFiles, sha256 } from './protected-files.js'

let directory = ''
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'plumb-export-'))))
afterEach(() => rm(directory, { recursive: true }))

const protectedFiles = [{ path: 'AGENTS.md', sha256: sha256('guide') }]
const at = (name: string) => join(directory, name)
const run = () => exportSubmission({ directory, protectedFiles })

test('exports the declared file with its hash and names what stays behind', async () => {
  await writeFile(at('function.ts'), 'export {}\n')
  await writeFile(at('notes.txt'), '')
  await writeFile(at('AGENTS.md'), 'guide')
  await mkdir(at('node_modules'))
  expect(await run()).toEqual({
    kind: 'exported',
    files: [{ path: 'function.ts', content: 'export {}\n', sha256: sha256('export {}\n') }],
    ignored: ['notes.txt'],
  })
})

const makings: [string, string, () => unknown][] = [
  ['is a symbolic link', 'A4', () => symlink('/etc/passwd', at('function.ts'))],
  ['is a symbolic link', 'A4', () => symlink('/nowhere', at('function.ts'))],
  ['is not a regular file', 'A4', () => mkdir(at('function.ts'))],
  ['is not a regular file', 'A4', () => execFileSync('mkfifo', [at('function.ts')])],
  ['does not exist', 'G1', () => null],
  [
    'has 2 hard links',
    'A4',
    async () => {
      await writeFile(at('other'), 'x')
      await link(at('other'), at('function.ts'))
    },
  ],
  [
    'has 262145 bytes; 262144 are allowed',
    'B11',
    () => writeFile(at('function.ts'), 'x'.repeat(262_145)),
  ],
  ['is not valid UTF-8', 'B11', () => writeFile(at('function.ts'), Buffer.from([0x61, 0xff]))],
]

test.each(makings)('a function.ts that %s is refused as %s', async (reason, behaviour, make) => {
  await make()
  expect(await run()).toMatchObject({
    kind: 'refused',
    behaviour,
    reason: `"function.ts" ${reason}.`,
  })
})

test('a protected file that was changed, removed or linked away is found', async () => {
  const changed = async () => (await changedProtectedFiles({ directory, protectedFiles })).length
  expect(await changed()).toBe(1)
  await writeFile(at('AGENTS.md'), 'guide')
  expect(await changed()).toBe(0)
  await writeFile(at('AGENTS.md'), 'guide, changed')
  expect(await changed()).toBe(1)
  await rm(at('AGENTS.md'))
  await writeFile(at('copy'), 'guide')
  await symlink('copy', at('AGENTS.md'))
  expect(await changed()).toBe(1)
})
