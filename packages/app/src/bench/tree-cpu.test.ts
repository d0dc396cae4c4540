import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { treeCpu } from './tree-cpu.js'

/** Uses three tenths of a second of CPU, says so, and waits for its end. */
const busy = `const end = process.cpuUsage().user + 3e5
while (process.cpuUsage().user < end);
console.log('done'); process.stdin.resume()`

/** Has a child that does so, ends it when it is told to, and says so. */
const parent = `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(busy)}],
  { stdio: ['pipe', 'inherit', 'inherit'] })
process.stdin.once('data', () => child.stdin.end())
child.once('exit', () => console.log('ended'))`

test.runIf(process.platform === 'linux')(
  'what a child uses counts while it runs and after it',
  async () => {
    const tree = spawn(process.execPath, ['-e', parent], { stdio: ['pipe', 'pipe', 'inherit'] })
    const cpu = (without: string[] = []) => treeCpu(tree.pid ?? 0, new Set(without))
    await once(tree.stdout, 'data')
    expect(await cpu()).toBeGreaterThanOrEqual(0.2)
    expect(await cpu(['node'])).toBe(0)
    tree.stdin.write('end')
    await once(tree.stdout, 'data')
    expect(await cpu()).toBeGreaterThanOrEqual(0.2)
    tree.stdin.end()
    await once(tree, 'exit')
    expect(await cpu()).toBe(0)
  },
)
