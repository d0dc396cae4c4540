import { measureRecords } from '@plumb/runtime'
import type { OperationContext } from '../../operations/operation.js'
import { openWorkbench } from '../../workbench.js'
import type { Measurement } from './measurement.js'
import { integrationKey } from './bench-project.js'
import { readServerCpu } from './server-cost.js'

type RecordsPhase = Awaited<ReturnType<typeof measureRecords>>['fresh']

const count = 20_000

/** Records of about 1 KB of one connection: new ones, and the same once more. `folder` has the data in `.plumb`. */
export async function measureIngestion(
  context: OperationContext,
  folder: string,
): Promise<Measurement[]> {
  const config = { ...context.config, home: `${folder}/.plumb`, databaseUrl: null }
  const workbench = await openWorkbench({ config, signal: context.signal })
  const database = async (): Promise<number> =>
    (await readServerCpu({ pid: process.pid, folder })).database
  try {
    const owner = { environment: 'dev', integrationKey, connectionId: 'ingestion' }
    await measureRecords(workbench, { ...owner, connectionId: 'warm', count: 2000 })
    const before = await database()
    const { fresh, unchanged } = await measureRecords(workbench, { ...owner, count })
    const databaseUs = (((await database()) - before) / (2 * count)) * 1e6
    return [
      rate('new records', fresh, { least: 10_000 }),
      cpu('new records', fresh),
      rate('unchanged records', unchanged, { least: 30_000 }),
      cpu('unchanged records', unchanged),
      // The row of the stream is brought up to date once a batch, whatever its records are.
      { ...wal(unchanged), ratio: { times: unchanged.walBytes / fresh.walBytes, of: 'new ones' } },
      line({ what: 'CPU of PostgreSQL, mean of both', value: databaseUs, unit: 'CPU-us/record' }),
    ]
  } finally {
    await workbench.close()
  }
}

function line(one: Pick<Measurement, 'what' | 'value' | 'unit'>): Measurement {
  return { part: 'ingestion', bar: null, ratio: null, ...one }
}

function rate(what: string, { records, ms }: RecordsPhase, bar: { least: number }): Measurement {
  return { ...line({ what, value: (records / ms) * 1000, unit: 'records/s' }), bar }
}

function cpu(what: string, { records, clientCpuMs }: RecordsPhase): Measurement {
  const value = (clientCpuMs / records) * 1000
  return line({ what: `CPU of ${what}, the server`, value, unit: 'CPU-us/record' })
}

function wal({ records, walBytes }: RecordsPhase): Measurement {
  const one = { what: 'WAL of unchanged records', value: walBytes / records, unit: 'bytes/record' }
  return { ...line(one), bar: { most: 1 } }
}
