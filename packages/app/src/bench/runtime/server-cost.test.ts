import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { costBetween, readServerCpu, readServerMemory, totalOf } from './server-cost.js'

/** A tenth of a second of CPU, itself and in a child, and as many megabytes; then it waits. */
const busy = (child: string) => `const kept = Buffer.alloc(30e6, 1)
const end = process.cpuUsage().user + 1e5
while (process.cpuUsage().user < end);
${child}
console.log(kept.length); process.stdin.resume()`

test.runIf(process.platform === 'linux')(
  'a server, what it starts and its database are told apart',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumb-cost-'))
    const start = (code: string) => spawn(process.execPath, ['-e', code])
    const nested = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(busy(''))}],
      { stdio: 'inherit' })`
    const [server, database] = [start(busy(nested)), start(busy(''))]
    try {
      await mkdir(join(folder, '.plumb/cluster'), { recursive: true })
      await writeFile(join(folder, '.plumb/cluster/postmaster.pid'), `${database.pid}\nmore\n`)
      const place = { pid: server.pid ?? 0, folder }
      const before = await readServerCpu({ pid: place.pid, folder: '/nowhere' })
      expect(before.database).toBe(0)
      await Promise.all([once(database.stdout, 'data'), twoLines(server.stdout)])
      const used = costBetween({ server: 0, functions: 0, database: 0 }, await readServerCpu(place))
      for (const seconds of Object.values(used)) expect(seconds).toBeGreaterThanOrEqual(0.09)
      expect(totalOf(used)).toBe(used.server + used.functions + used.database)
      const memory = await readServerMemory(place)
      for (const bytes of Object.values(memory)) expect(bytes).toBeGreaterThan(30e6)
    } finally {
      for (const child of [server, database]) {
        child.stdin.end()
        await once(child, 'exit')
      }
      await rm(folder, { recursive: true, force: true })
    }
  },
)

async function twoLines(stream: NodeJS.ReadableStream): Promise<void> {
  let lines = 0
  for await (const chunk of stream) {
    lines += String(chunk).split('\n').length - 1
    if (lines >= 2) return
  }
}
