import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { watchFolder } from './watch-folder.js'

let folder = ''

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'plumb-watch-')))
  mkdirSync(join(folder, 'shop/actions'), { recursive: true })
  mkdirSync(join(folder, '.plumb'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test.each([
  ['told by the system', {}],
  ['looking at the files', { pollMs: 20 }],
])('%s, it notices a new and a changed source, not our own output', async (_, how) => {
  const abort = new AbortController()
  let calls = 0
  const onChange = async (): Promise<void> => {
    calls += 1
    if (calls === 2) abort.abort()
  }
  const watching = watchFolder({ folder, onChange, signal: abort.signal, ...how })
  writeFileSync(join(folder, '.plumb/manifest.json'), '{}')
  for (let round = 0; calls < 2 && round < 200; round += 1) {
    // A watch needs a moment to begin, so the change is made until it is seen.
    writeFileSync(join(folder, 'shop/actions/x.ts'), `export const a = ${round}\n`)
    await wait(100)
  }
  await watching
  expect(calls).toBe(2)
})

test('output, packages and hidden files are no change', async () => {
  const abort = new AbortController()
  let calls = 0
  const onChange = async (): Promise<void> => void (calls += 1)
  const watching = watchFolder({ folder, onChange, signal: abort.signal, pollMs: 10 })
  mkdirSync(join(folder, 'node_modules/x'), { recursive: true })
  await wait(30)
  writeFileSync(join(folder, '.plumb/manifest.json'), '{}')
  writeFileSync(join(folder, 'node_modules/x/index.ts'), 'x')
  await wait(200)
  abort.abort()
  await watching
  expect(calls).toBe(0)
})
