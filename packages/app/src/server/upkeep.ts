import { setTimeout as sleep } from 'node:timers/promises'
import { refreshDue, retainRecords } from '@plumb/runtime'
import {
  deleteEndedSessions,
  deleteExpiredLocks,
  deleteOldActionCalls,
  deleteOldLogs,
  listEnvironments,
} from '@plumb/store'
import { defaultSettings } from '../settings/read-settings.js'
import type { Settings } from '../settings/settings.js'
import { endOverdueOperations } from './lost-operations.js'
import type { Plumb } from './plumb.js'

type Parts = Pick<Plumb, 'db' | 'gateway'> & {
  readonly syncs: Pick<Plumb['syncs'], 'ensureAll'>
  readonly settings?: Pick<Settings, 'logRetentionDays' | 'deletedRecordDays'> | undefined
}
type Job = (parts: Parts, now: number, signal: AbortSignal) => Promise<unknown>

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** How long things are kept that are there to be looked at. */
const keptMs = { actions: 7 * dayMs, sessions: dayMs }

/** What is done every minute, and what every hour; of several servers each may do it. */
const often: readonly Job[] = [renewTokens]
const seldom: readonly Job[] = [
  ({ settings = defaultSettings, ...parts }, now, signal) =>
    retainRecords(parts, { now, deletedPayloadDays: settings.deletedRecordDays, signal }),
  ({ db, settings = defaultSettings }, now, signal) =>
    deleteOldLogs(db, { before: timeOf(now - settings.logRetentionDays * dayMs), signal }),
  ({ db }, now) => endOverdueOperations(db, now),
  ({ db }, now) => deleteOldActionCalls(db, timeOf(now - keptMs.actions)),
  ({ db }, now) => deleteEndedSessions(db, timeOf(now - keptMs.sessions)),
  ({ db }) => deleteExpiredLocks(db),
  alignSchedules,
]

export type Upkeep = { close(): Promise<void> }

/** Rests before each round, in milliseconds. */
export type UpkeepTimes = { readonly oftenMs: number; readonly seldomMs: number }
const usualTimes: UpkeepTimes = { oftenMs: minuteMs, seldomMs: 60 * minuteMs }

type Told = { readonly report: (line: string) => void; readonly times?: UpkeepTimes | undefined }

/** Renews tokens that nobody uses, and forgets what nobody will ask for. What fails is told, and done the next time. */
export function startUpkeep(parts: Parts, { report, times = usualTimes }: Told): Upkeep {
  const stop = new AbortController()
  const { signal } = stop
  const loop = async (everyMs: number, jobs: readonly Job[]): Promise<void> => {
    while (!signal.aborted) {
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined)
      for (const job of signal.aborted ? [] : jobs) {
        await job(parts, Date.now(), signal).catch((error: unknown) => {
          if (!signal.aborted) report(`Upkeep failed: ${String(error)}`)
        })
      }
    }
  }
  const loops = [loop(times.oftenMs, often), loop(times.seldomMs, seldom)]
  return {
    async close() {
      stop.abort()
      await Promise.all(loops)
    },
  }
}

/** Whoever deployed or connected an account may have been killed before the schedules followed. */
async function alignSchedules({ db, syncs }: Parts, _now: number, signal: AbortSignal) {
  for (const { name } of await listEnvironments(db)) {
    if (!signal.aborted) await syncs.ensureAll(name)
  }
}

async function renewTokens({ db, gateway }: Parts, now: number, signal: AbortSignal) {
  for (const { name } of await listEnvironments(db)) {
    await refreshDue({ db, environment: name }, { gateway, now, signal })
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}
