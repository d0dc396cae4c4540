import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { watchPeakMemory } from './watch-peak-memory.js'

const megabyte = 1024 * 1024

test.runIf(process.platform === 'linux')('the peak counts what a child held', async () => {
  const before = watchPeakMemory().stop()
  const watch = watchPeakMemory()
  const hold = `const held = Buffer.alloc(300e6, 1); console.log(held.length); process.stdin.once('data', () => process.exit())`
  const child = spawn(process.execPath, ['-e', hold], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  const peak = watch.stop()
  child.stdin.write('end')
  await once(child, 'exit')
  expect(peak - before).toBeGreaterThan(150 * megabyte)
})

test.runIf(process.platform === 'linux')('the time of a child that was killed counts', async () => {
  const watch = watchPeakMemory()
  const before = watch.cpuSeconds()
  const work =
    'while (process.cpuUsage().user < 6e5); console.log("done"); setInterval(() => 0, 1e3)'
  const child = spawn(process.execPath, ['-e', work], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  watch.stop()
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(watch.cpuSeconds() - before).toBeGreaterThan(0.55)
})
