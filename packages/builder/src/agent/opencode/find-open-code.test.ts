import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findOpenCode } from './find-open-code.js'

const machine = { platform: 'linux', arch: 'x64' }

async function install(root: string, name: string, script: string): Promise<string> {
  const folder = join(root, 'node_modules', name, 'bin')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'opencode'), script, { mode: 0o755 })
  return join(folder, 'opencode')
}

test('finds the program of this installation', () => {
  expect(findOpenCode()).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
  })
})

test('looks in the folders above, and passes over a program that does not start', async () => {
  const root = await mkdtemp(join(tmpdir(), 'plumb-find-'))
  await install(root, 'opencode-linux-x64', '#!/bin/sh\nexit 132\n')
  const path = await install(root, 'opencode-linux-x64-baseline', '#!/bin/sh\necho 9.9.9\n')
  const from = join(root, 'packages', 'deep')
  expect(findOpenCode(machine, from)).toEqual({ path, version: '9.9.9' })
  await rm(root, { recursive: true })
})

test('says what it looked for and how to get it', async () => {
  const root = await mkdtemp(join(tmpdir(), 'plumb-find-'))
  expect(() => findOpenCode({ platform: 'plan9', arch: 'vax' }, root)).toThrow(
    expect.objectContaining({
      code: 'harness-unavailable',
      message: expect.stringContaining('opencode-plan9-vax') as string,
      remedy: expect.stringContaining('npm install') as string,
    }),
  )
  await rm(root, { recursive: true })
})
