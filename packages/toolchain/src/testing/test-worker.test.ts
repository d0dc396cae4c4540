import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ProjectUnderTest, bundleWorker } from './project-under-test.js'

let project: ProjectUnderTest

beforeAll(bundleWorker)
beforeEach(async () => {
  project = await ProjectUnderTest.open()
})
afterEach(() => project.close())

const one = `import { it } from 'vitest'; it('is fine', () => {});`

describe('what a file does to its process is its own failure:', () => {
  const bad: Record<string, [body: string, reason: string, message: RegExp]> = {
    'ending it': [`it('bad', () => { process.exit(3) })`, 'crashed', /process\.exit\(3\)/],
    'killing it': [
      `it('bad', () => { process.kill(process.pid, 'SIGKILL') })`,
      'crashed',
      /SIGKILL/,
    ],
    'hanging in a loop': [`it('bad', () => { for (;;); })`, 'timeout', /2000 ms/],
    'waiting for nothing': [`it('bad', () => new Promise(() => {}))`, 'timeout', /2000ms/],
    'a rejection nobody handles': [
      `it('bad', () => { void Promise.reject(new Error('lost')) })`,
      'threw',
      /lost/,
    ],
    'an error from a timer': [
      `it('bad', async () => { setTimeout(() => { throw new Error('late') }, 1); await new Promise((r) => setTimeout(r, 20)) })`,
      'threw',
      /late/,
    ],
    'an error at its top level': [`throw new TypeError('top')`, 'threw', /top/],
    'a syntax error': [`it('bad', () => { const })`, 'does-not-compile', /bad\.test\.ts:1:\d+/],
    'an import of nothing': [
      `import './nothing.js'; it('bad', () => {})`,
      'does-not-compile',
      /nothing\.js/,
    ],
    'no tests': [`export {}`, 'threw', /No test/],
  }
  for (const [what, [body, reason, message]] of Object.entries(bad)) {
    it(what, async () => {
      await project.write({
        'bad.test.ts': `import { it } from 'vitest'; ${body}`,
        'good.test.ts': one,
      })
      const limit = reason === 'timeout' && { timeoutMs: 2000 }
      const { failures, passed, failed } = await project.run({ ...limit })
      expect(failures).toMatchObject([{ file: 'bad.test.ts', reason }])
      expect(failures[0]?.message).toMatch(message)
      expect(failed).toBe(1)
      expect(passed).toBeGreaterThanOrEqual(1)
    })
  }

  it('taking all memory', async () => {
    await project.write({
      'bad.test.ts': `import { it } from 'vitest'; it('bad', () => { const all = []; for (;;) all.push(new Array(1e6).fill({})) })`,
      'good.test.ts': one,
    })
    const { failures, passed } = await project.run({ timeoutMs: 150_000 })
    expect(failures).toMatchObject([
      { reason: 'crashed', message: expect.stringMatching(/memory/) },
    ])
    expect(passed).toBe(1)
  })
})
