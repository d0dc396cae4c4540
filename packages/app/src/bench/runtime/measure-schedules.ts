import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { addAccount } from './bench-project.js'
import type { Measurement } from './measurement.js'
import { quantile } from './open-loop.js'
import { costBetween, costNames, readServerCpu, totalOf } from './server-cost.js'
import type { ServerCost } from './server-cost.js'
import type { BenchServer } from './start-server.js'

export type SchedulesPlace = {
  readonly server: BenchServer
  readonly folder: string
  readonly connections: number
  readonly minutes: number
  readonly signal: AbortSignal
  readonly progress: (line: string) => void
}

const periodMs = 60_000
/** How much later than its turn a run may begin. */
const lateMs = 6000
const page = 1000

const runSchema = z.object({ connection_id: z.string(), state: z.string(), started_at: z.string() })
type Run = z.infer<typeof runSchema>

/** Many connections with a sync of every minute each: whether all runs come in time, and what they cost. */
export async function measureSchedules(place: SchedulesPlace): Promise<Measurement[]> {
  const { server, folder, connections, minutes, signal, progress } = place
  const ids = Array.from({ length: connections }, (_, n) => `customer-${n}`)
  await addAll(place, ids)
  progress(`${connections} connections are there; their first minute is left out.`)
  await sleep(periodMs, undefined, { signal })
  const cpu = () => readServerCpu({ pid: server.pid, folder })
  const [before, from] = [await cpu(), Date.now()]
  await sleep(minutes * periodMs, undefined, { signal })
  const used = costBetween(before, await cpu())
  const runs = await runsSince(server, { from: from - 2 * periodMs, ids: new Set(ids) })
  const within = runs.filter(({ started_at: at }) => Date.parse(at) >= from)
  const late = latenesses(runs, from)
  const part = 'schedules'
  const expected = connections * minutes
  const share = totalOf(used) / (minutes * 60 * availableParallelism())
  return [
    {
      ...{ part, what: `runs begun of ${expected} that were due`, value: within.length / expected },
      ...{ unit: 'share', bar: { least: 0.99 }, ratio: null },
    },
    {
      ...{ part, what: `runs more than ${lateMs / 1000} s late` },
      ...{ value: late.filter((ms) => ms > lateMs).length, unit: 'runs', bar: { most: 0 } },
      ratio: null,
    },
    line('lateness of a run, p99', quantile(late, 0.99) / 1000, 's'),
    {
      ...{ part, what: 'runs that failed', unit: 'runs', bar: { most: 0 }, ratio: null },
      value: within.filter(({ state }) => state === 'failed').length,
    },
    ...costsOf(used, Math.max(1, within.length)),
    { ...line('CPU of all cores', share, 'share'), bar: { most: 1 } },
  ]
}

function costsOf(used: ServerCost, runs: number): Measurement[] {
  const each = (Object.keys(costNames) as (keyof ServerCost)[]).map((who) =>
    line(`CPU of a run, ${costNames[who]}`, (used[who] / runs) * 1000, 'CPU-ms'),
  )
  return [line('CPU of a run, everything', (totalOf(used) / runs) * 1000, 'CPU-ms'), ...each]
}

function line(what: string, value: number, unit: string): Measurement {
  return { part: 'schedules', what, value, unit, bar: null, ratio: null }
}

async function addAll({ server, signal }: SchedulesPlace, ids: readonly string[]): Promise<void> {
  const waiting = [...ids]
  const worker = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      signal.throwIfAborted()
      await addAccount(server, id)
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}

/** All runs that began at `from` or later, oldest first. */
async function runsSince(
  server: BenchServer,
  { from, ids }: { readonly from: number; readonly ids: ReadonlySet<string> },
): Promise<Run[]> {
  const found = new Map<string, Run>()
  for (let before = new Date().toISOString(); ;) {
    const answer = await fetch(`${server.url}/sync/runs?limit=${page}&before=${before}`, {
      headers: { authorization: `Bearer ${server.secretKey}` },
    })
    const { runs } = z.object({ runs: z.array(runSchema) }).parse(await answer.json())
    for (const run of runs) found.set(`${run.connection_id} ${run.started_at}`, run)
    const last = runs.at(-1)?.started_at
    if (runs.length < page || last === undefined || last === before) break
    if (Date.parse(last) < from) break
    before = last
  }
  return [...found.values()]
    .filter((run) => ids.has(run.connection_id) && Date.parse(run.started_at) >= from)
    .reverse()
}

/** How much more than a period lies between a run and the one before, in milliseconds, in order of size. */
function latenesses(runs: readonly Run[], from: number): number[] {
  const last = new Map<string, number>()
  const late: number[] = []
  for (const { connection_id: id, started_at: startedAt } of runs) {
    const at = Date.parse(startedAt)
    const previous = last.get(id)
    if (previous !== undefined && at >= from) late.push(Math.max(0, at - previous - periodMs))
    last.set(id, at)
  }
  return late.sort((a, b) => a - b)
}
