import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloserStack } from '../../build/closer-stack.js'
import type { OperationContext } from '../../operations/operation.js'
import { addAccount, deployBench, writeProvider } from './bench-project.js'
import { measureCalls } from './measure-calls.js'
import { measureIngestion } from './measure-ingestion.js'
import { measureSchedules } from './measure-schedules.js'
import { measureMemory, measureStarts } from './measure-starts.js'
import type { Measurement, RuntimePart } from './measurement.js'
import { startProvider } from './start-provider.js'
import { startServer } from './start-server.js'
import type { BenchPlace } from './start-server.js'

export type RuntimeBenchOptions = {
  /** How long calls are made of each kind. */
  readonly seconds: number
  readonly connections: number
  readonly minutes: number
  readonly only: readonly RuntimePart[]
}

/**
 * Measures a `plumb serve` of its own, in an empty folder, against a provider in a process of its own. Linux only: it
 * reads `/proc`.
 */
export async function benchRuntime(
  options: RuntimeBenchOptions,
  context: OperationContext,
): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-bench-runtime-'))
  const closers = new CloserStack()
  closers.add({ close: () => rm(folder, { recursive: true, force: true }) })
  try {
    const { url } = closers.add(await startProvider())
    await writeProvider(folder, url)
    const place = { folder, environment: context.config.environment, signal: context.signal }
    const found: Measurement[] = []
    if (options.only.includes('start')) {
      context.progress('Starting a server twice.')
      found.push(...(await measureStarts(place)))
    }
    found.push(...(await measureServing({ ...place, providerUrl: url }, options, context)))
    if (options.only.includes('ingestion')) {
      context.progress('Saving records.')
      found.push(...(await measureIngestion(context, folder)))
    }
    return found
  } finally {
    await closers.close()
  }
}

/** What needs a server that runs, with a deployment. */
async function measureServing(
  place: BenchPlace & { readonly providerUrl: string },
  { only, seconds, connections, minutes }: RuntimeBenchOptions,
  { progress }: OperationContext,
): Promise<Measurement[]> {
  const kinds = (['actions', 'proxy'] as const).filter((kind) => only.includes(kind))
  if (kinds.length === 0 && !only.includes('schedules')) return []
  const server = await startServer(place)
  const found: Measurement[] = []
  try {
    await deployBench(place, place.providerUrl)
    const connectionId = 'caller'
    await addAccount(server, connectionId)
    for (const part of kinds) {
      progress(`Calling for ${seconds} s: ${part}.`)
      found.push(...(await measureCalls(part, { ...place, server, connectionId, seconds })))
    }
    if (kinds.includes('actions')) {
      found.push(...(await measureMemory(server, place.folder, 'memory after actions')))
    }
    if (only.includes('schedules')) {
      progress(`Syncing ${connections} connections every minute, for ${minutes + 1} minutes.`)
      const schedules = { ...place, server, connections, minutes, progress }
      found.push(...(await measureSchedules(schedules)))
    }
    return found
  } finally {
    await server.close()
  }
}
