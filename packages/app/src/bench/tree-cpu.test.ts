import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { treeCpu } from './tree-cpu.js'

/** Uses three tenths of a second of CPU, says so, and waits for its end. */
const busy = `const end = process.cpuUsage().user + 3e5
while (process.cpuUsage().user < end);
console.log('done'); process.stdin.resume()`

test.runIf(process.platform === 'linux')(
  'what a child uses counts while it runs and after it',
  async () => {
    const before = await treeCpu(process.pid, new Set())
    const child = spawn(process.execPath, ['-e', busy], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    expect(await treeCpu(child.pid ?? 0, new Set())).toBeGreaterThanOrEqual(0.2)
    expect(await treeCpu(child.pid ?? 0, new Set(['node']))).toBe(0)
    child.stdin.end()
    await once(child, 'exit')
    expect(await treeCpu(child.pid ?? 0, new Set())).toBe(0)
    expect((await treeCpu(process.pid, new Set())) - before).toBeGreaterThanOrEqual(0.2)
  },
)
