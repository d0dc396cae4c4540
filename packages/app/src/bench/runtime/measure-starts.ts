import { setTimeout as sleep } from 'node:timers/promises'
import { measureProcess } from '../measure-process.js'
import type { Measurement } from './measurement.js'
import { costNames, readServerCpu, readServerMemory, totalOf } from './server-cost.js'
import { startServer } from './start-server.js'
import type { BenchPlace, BenchServer } from './start-server.js'

const mebibyte = 2 ** 20
const settleMs = 5000

/** A start in an empty folder, a start with everything there, and what the server then keeps in memory. */
export async function measureStarts(place: BenchPlace): Promise<Measurement[]> {
  const yardstick = await nodeStart(place)
  const first = await measureStart(place, async () => [])
  const warm = await measureStart(place, (server) => idleOf(server, place))
  const line = (what: string, seconds: number, most: number | null): Measurement => ({
    ...{ part: 'start', what, value: seconds, unit: 's', bar: most === null ? null : { most } },
    ratio: { times: seconds / yardstick.wall, of: 'a start of Node.js' },
  })
  const cpuLine = (what: string, seconds: number): Measurement => ({
    ...{ part: 'start', what, value: seconds, unit: 'CPU-s', bar: null },
    ratio: { times: seconds / yardstick.cpu, of: 'a start of Node.js' },
  })
  return [
    line('first start', first.seconds, 5),
    cpuLine('first start', first.cpu),
    line('warm start', warm.seconds, 1.5),
    cpuLine('warm start', warm.cpu),
    ...warm.found,
  ]
}

/** What a server keeps in memory once it has run an action. */
export async function measureMemory(
  server: BenchServer,
  folder: string,
  what: string,
): Promise<Measurement[]> {
  const memory = await readServerMemory({ pid: server.pid, folder })
  const parts = (Object.keys(costNames) as (keyof typeof costNames)[]).map((who) => ({
    what: `${what}, ${costNames[who]}`,
    value: memory[who] / mebibyte,
    bar: null,
  }))
  const bar = what === 'idle memory' ? { most: 250 } : null
  return [{ what, value: totalOf(memory) / mebibyte, bar }, ...parts].map((one) => ({
    ...{ ...one, part: 'start', unit: 'MiB', ratio: null },
  }))
}

async function measureStart(
  place: BenchPlace,
  look: (server: BenchServer) => Promise<readonly Measurement[]>,
): Promise<{ seconds: number; cpu: number; found: readonly Measurement[] }> {
  const server = await startServer(place)
  try {
    const cpu = totalOf(await readServerCpu({ pid: server.pid, folder: place.folder }))
    return { seconds: server.startSeconds, cpu, found: await look(server) }
  } finally {
    await server.close()
  }
}

async function idleOf(server: BenchServer, { folder, signal }: BenchPlace) {
  await sleep(settleMs, undefined, { signal })
  return measureMemory(server, folder, 'idle memory')
}

async function nodeStart({ folder, environment, signal }: BenchPlace) {
  const { cost } = await measureProcess(
    { args: ['-e', '0'], directory: folder, environment },
    signal,
  )
  return { wall: cost.wall, cpu: Math.max(cost.cpu, 0.01) }
}
