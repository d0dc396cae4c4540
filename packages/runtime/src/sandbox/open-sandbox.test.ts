import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { detectBubblewrap } from './bubblewrap/detect-bubblewrap.js'
import { detectSandboxes, openSandbox } from './open-sandbox.js'

const folder = mkdtempSync(join(tmpdir(), 'plumb-detect-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A program in the place of `bwrap` that fails as the real one does. */
function failing(message: string): string {
  const path = join(folder, 'bwrap')
  writeFileSync(path, `#!/bin/sh\necho "bwrap: ${message}" >&2\nexit 1\n`)
  chmodSync(path, 0o755)
  return path
}

test('every backend is reported, best first, with a remedy or a reason', async () => {
  const found = await detectSandboxes()
  expect(found.map(({ backend }) => backend)).toEqual(['bubblewrap', 'landlock', 'seatbelt'])
  for (const { available, reason, remedy } of found) {
    expect(reason).not.toBe('')
    expect(available && remedy !== '').toBe(false)
  }
})

test('without a backend there is no sandbox', async () => {
  const elsewhere = process.platform === 'darwin' ? 'landlock' : 'seatbelt'
  await expect(openSandbox({ backend: elsewhere })).rejects.toMatchObject({
    code: 'sandbox-unavailable',
    message: expect.stringContaining(elsewhere),
    remedy: expect.stringMatching(/./),
  })
})

describe.runIf(process.platform === 'linux')('bubblewrap is unavailable', () => {
  test('when it is not installed, and the remedy installs it', async () => {
    const missing = join(folder, 'missing')
    const found = await detectBubblewrap([missing])
    expect(found).toMatchObject({ available: false, reason: expect.stringContaining(missing) })
    expect(found.remedy).toContain('apt-get install bubblewrap')
  })

  test('when it is too old', async () => {
    const found = await detectBubblewrap([failing('Unknown option --disable-userns')])
    expect(found).toMatchObject({ available: false, remedy: expect.stringContaining('0.8') })
  })

  test('when the kernel refuses user namespaces', async () => {
    const message = 'No permissions to create a new namespace'
    const found = await detectBubblewrap([failing(message)])
    expect(found).toMatchObject({ available: false, reason: expect.stringContaining(message) })
    expect(found.remedy).toContain('sysctl')
  })
})
