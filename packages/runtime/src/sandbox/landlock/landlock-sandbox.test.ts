import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OpenTarget } from '../escape/attack-target.js'
import { openTarget } from '../escape/attack-target.js'
import { policyOf, runInBox } from '../escape/run-attack.js'
import { isFilterArchitecture } from '../seccomp/seccomp-filter.js'
import { detectLandlock } from './detect-landlock.js'
import { findLandlockEntry } from './landlock-entry.js'
import { LandlockSandbox } from './landlock-sandbox.js'

const { available, abi } = await detectLandlock()
const entry = findLandlockEntry()
const { arch } = process

const open = (limited: number) => {
  if (entry === null || !isFilterArchitecture(arch)) throw new Error('There is no Landlock here.')
  return new LandlockSandbox({
    kernel: { architecture: arch, abi: limited },
    entry,
    groupParent: null,
  })
}

describe.runIf(available)('Landlock', () => {
  let target: OpenTarget

  beforeAll(async () => {
    target = await openTarget()
  })

  afterAll(() => target.close())

  test.each([1, 2, 3, 4, 5, 6, 7].filter((older) => older <= abi))(
    'with the means of interface %i files, TCP and signals are out of reach',
    async (older) => {
      const sandbox = open(older)
      const code = `
        const refused = []
        const attempt = (name, action) => { try { action() } catch (error) { refused.push(name) } }
        const fs = require('fs')
        attempt('read', () => fs.readFileSync(${JSON.stringify(target.siblingFile)}))
        attempt('truncate', () => fs.truncateSync(${JSON.stringify(target.siblingFile)}, 0))
        attempt('signal', () => process.kill(${target.victimPid}, 'SIGCONT'))
        attempt('chmod', () => fs.chmodSync(${JSON.stringify(target.siblingFile)}, 0o644))
        fs.writeFileSync('allowed', 'written')
        require('net').connect(${target.tcpPort}, '127.0.0.1').on('error', () => {
          refused.push('tcp')
          console.log(refused.join())
        })`
      const { output } = await runInBox(sandbox, policyOf('agent box', target), code)
      await sandbox.close()
      expect(output).toBe('read,truncate,signal,chmod,tcp\n')
    },
  )

  test('a mount that moves a path is refused with a remedy', () => {
    const policy = policyOf('agent box', target)
    const moved = { outside: target.workspace, inside: '/elsewhere' }
    expect(() => open(abi).spawn({ ...policy, writable: [moved] }, ['/bin/true'])).toThrow(
      expect.objectContaining({
        code: 'sandbox-failed',
        message: expect.stringContaining('/elsewhere'),
      }),
    )
  })

  test('the temporary folder stands for /tmp, can be written, and is gone with the box', async () => {
    const sandbox = open(abi)
    const policy = { ...policyOf('agent box', target), env: { HOME: '/tmp' } }
    const code = `
      const fs = require('fs'), os = require('os')
      fs.writeFileSync(os.tmpdir() + '/file', 'x')
      console.log(os.tmpdir() === process.env.HOME, fs.readdirSync(process.env.HOME).join())
    `
    const { output } = await runInBox(sandbox, policy, code)
    expect(output).toBe('true file\n')
    await sandbox.close()
  })
})
