import { execFileSync } from 'node:child_process'
import { userInfo } from 'node:os'
import { expect, test } from 'vitest'
import { accountName } from './account-name.js'

test('is the name of the account, or its number where it has none', () => {
  const nameless = (): never => {
    throw new Error('A system error occurred: uv_os_get_passwd returned ENOENT')
  }
  expect(accountName()).toBe(userInfo().username)
  expect(accountName(nameless)).toBe(`uid ${process.getuid?.()}`)
})

test.runIf(process.getuid?.() === 0)(
  'what Node.js says of an account without a name is thrown',
  () => {
    const script = `try { require('os').userInfo() } catch { console.log('thrown') }`
    const told = execFileSync(process.execPath, ['-e', script], { uid: 4_000_711, cwd: '/' })
    expect(String(told).trim()).toBe('thrown')
  },
)
