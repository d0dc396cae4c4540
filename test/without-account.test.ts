import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const plumb = join(import.meta.dirname, '..', 'packages', 'app', 'bin', 'plumb.js')

/** Runs Node.js as a number that no account has, without a home directory, as containers do. */
function runNameless(...args: readonly string[]) {
  const nameless = { uid: 4_000_711, gid: 4_000_711, cwd: tmpdir() }
  const env = { PATH: process.env['PATH'] }
  return spawnSync(process.execPath, args, { ...nameless, env, encoding: 'utf8', timeout: 150_000 })
}

/** Only root may become somebody else, who may read this repository unless it is in a home directory. */
function canBeTried(): boolean {
  if (process.getuid?.() !== 0) return false
  const script = `require('node:fs').accessSync(${JSON.stringify(plumb)})`
  return runNameless('-e', script).status === 0
}

test.runIf(canBeTried())('commands work for a user without an account and a home', () => {
  const { status, stdout, stderr } = runNameless(plumb, 'config', '--json')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(JSON.stringify(JSON.parse(stdout))).toContain('PLUMB_HOME')
})
