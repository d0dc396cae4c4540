import { setTimeout as sleep } from 'node:timers/promises'
import type { DBOS, DBOSWorkflowConflictError } from '@dbos-inc/dbos-sdk'
import { PlumbError } from '@plumb/protocol'
import type { Json } from '@plumb/protocol'
import { countStart, forgetStarts, isDatabaseAway } from '@plumb/store'
import type { Database } from '@plumb/store'
import type { EngineFailure, WorkflowDefinition, WorkflowRun } from './engine.js'
import type { HeldSlot } from './engine-slot.js'

/** What executions need of the engine that they run in. */
type ExecutionPlace = {
  /** Of the work. */
  readonly id: string
  readonly db: Database
  readonly dbos: typeof DBOS
  readonly Conflict: typeof DBOSWorkflowConflictError
  /** Null while this process has no slot. */
  readonly slot: HeldSlot | null
  readonly closing: AbortSignal
  /** Starts without any progress after which work is given up. */
  readonly mostStarts: number
}

/** Between attempts while the database is away. */
const awayMs = 500

/**
 * Executes one workflow until it ends, or until this process must let go of it: then nothing is recorded, and whoever
 * takes it over begins the step in hand anew.
 */
export async function executeWorkflow(
  place: ExecutionPlace,
  definition: WorkflowDefinition,
  input: Json,
): Promise<Json | undefined> {
  const { id, slot } = place
  const letGo = (): never => {
    throw new place.Conflict(id)
  }
  if (slot === null || place.closing.aborted) return letGo()
  const signal = AbortSignal.any([slot.lost, place.closing])
  const starts = await countPatiently(place.db, id, signal)
  if (starts === null) return letGo()
  if (starts > place.mostStarts) return abandon(place, definition, { id, input, starts })
  try {
    return await definition.run(input, runOf(place, slot, { id, signal, starts, letGo }))
  } catch (error) {
    if (signal.aborted || isDatabaseAway(error)) return letGo()
    throw error
  } finally {
    await forgetPatiently(place)
  }
}

/** Who ends, or lets go in order, has not been killed by the work: that is said when the database is back. */
async function forgetPatiently({ id, db, closing }: ExecutionPlace): Promise<void> {
  for (;;) {
    const isAway = await forgetStarts(db, id).then(() => false, isDatabaseAway)
    if (!isAway || closing.aborted) return
    await sleep(awayMs, null, { signal: closing }).catch(() => null)
  }
}

/** Waits for a database that is away; null when this process must let go meanwhile. */
async function countPatiently(
  db: Database,
  id: string,
  signal: AbortSignal,
): Promise<number | null> {
  while (!signal.aborted) {
    try {
      return await countStart(db, id)
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      await sleep(awayMs, null, { signal }).catch(() => null)
    }
  }
  return null
}

type RunParts = {
  readonly id: string
  readonly signal: AbortSignal
  readonly starts: number
  readonly letGo: () => never
}

function runOf(place: ExecutionPlace, slot: HeldSlot, parts: RunParts): WorkflowRun {
  const { id, signal, letGo } = parts
  let counted = parts.starts
  const owned = async <T>(work: () => Promise<T>): Promise<T> => {
    if (signal.aborted) return letGo()
    try {
      return await work()
    } catch (error) {
      // Whoever takes it up when the database is back begins the step in hand anew.
      if (signal.aborted || isDatabaseAway(error)) return letGo()
      throw error
    }
  }
  const progressed = async (): Promise<void> => {
    if (counted > 1) await forgetStarts(place.db, id)
    counted = 0
  }
  return {
    id,
    signal,
    progressed,
    assertOwned: () => slot.assertHeld(),
    async step(name, work) {
      const result = await place.dbos.runStep(() => owned(() => work(signal)), { name })
      await progressed()
      return result
    },
    sleep: (ms) => owned(() => Promise.race([place.dbos.sleepms(ms), untilAborted(signal)])),
  }
}

/** Rejects when the signal is aborted. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}

async function abandon(
  { db, dbos }: ExecutionPlace,
  definition: WorkflowDefinition,
  { id, input, starts }: { id: string; input: Json; starts: number },
): Promise<never> {
  const failure: EngineFailure = {
    code: 'work-abandoned',
    message: `"${definition.name}" (${id}) was begun ${starts - 1} times, and each time the process ended before it got anywhere.`,
    remedy: 'Look in the log for what ends the process (often memory), mend it, and start it anew.',
  }
  await dbos.runStep(async () => definition.abandoned?.(input, failure), { name: 'abandoned' })
  await forgetStarts(db, id)
  throw new PlumbError({ ...failure, code: 'work-abandoned' })
}
