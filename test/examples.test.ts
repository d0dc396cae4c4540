import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)

/** How much each program checks; one that checks nothing would pass as well. */
test.each([
  ['github', 6],
  ['google-calendar', 6],
  ['hubspot', 5],
])(
  'examples/check/%s.mjs finds everything as it must be',
  { timeout: 800_000 },
  async (name, checks) => {
    const program = fileURLToPath(new URL(`../examples/check/${name}.mjs`, import.meta.url))
    const { stdout } = await run(process.execPath, [program])
    expect(stdout.match(/^ok {2}/gm)).toHaveLength(checks)
    expect(stdout).toContain(`${name}: everything is as it must be.`)
  },
)
