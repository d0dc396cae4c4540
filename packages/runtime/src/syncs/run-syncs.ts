import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from '@plumb/protocol'
import {
  claimDueSyncs,
  finishSyncRun,
  isDatabaseAway,
  listUnfinishedRuns,
  mendDueTimes,
  removeOldRuns,
} from '@plumb/store'
import type { EngineFailure, WorkflowRun } from '../engine/engine.js'
import type { SliceEnd } from './conclude-slice.js'
import { runSlice } from './run-slice.js'
import type { SyncParts } from './sync-parts.js'

const workflow = 'sync'
/** Runs that have no workflow after this long never got one. */
const orphanMs = 30_000
const roundsPerUpkeep = 30
const oldRunsPerBatch = 1000
/** Between attempts while the database is away. */
const awayMs = 500

/** Turns due syncs into runs, and executes the slices of those that are this process's. */
export class SyncRunner {
  readonly #parts: SyncParts
  /** Claimed or taken over, and not ended here yet. */
  readonly #active = new Set<string>()
  /** Ids of a claim that was not answered. */
  #unanswered: readonly string[] = []
  readonly #closing = new AbortController()
  #woken = false
  #endRest: () => void = () => undefined
  #loop: Promise<void> = Promise.resolve()

  constructor(parts: SyncParts) {
    this.#parts = parts
    parts.engine.define({
      name: workflow,
      run: (input, run) => this.#run(runIdOf(input), run),
      left: (input) => this.#left(runIdOf(input)),
      abandoned: (input, error) => this.#abandon(runIdOf(input), error),
    })
  }

  begin(): void {
    this.#loop = this.#schedule()
  }

  /** Looks for due syncs now. */
  nudge(): void {
    this.#wake()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#wake()
    await this.#loop
  }

  async #schedule(): Promise<void> {
    const { limits, onProgress } = this.#parts
    const { signal } = this.#closing
    for (let round = 0; !signal.aborted; round += 1) {
      try {
        this.#woken = false
        const more = await this.#claim()
        if (round % roundsPerUpkeep === 0) await this.#keepUp()
        if (more) continue
      } catch (error) {
        if (!signal.aborted) onProgress(`Syncs wait for the database: ${String(error)}`)
      }
      await this.#rest(limits.pollMs)
    }
  }

  /** True when there may be more to claim at once. */
  async #claim(): Promise<boolean> {
    const { store, limits, newId } = this.#parts
    await this.#startUnanswered()
    const free = limits.concurrency - this.#active.size
    if (free <= 0) return false
    const runIds = Array.from({ length: free }, newId)
    const { perEnvironment } = limits
    this.#unanswered = runIds
    const outcome = await claimDueSyncs(store.db, { runIds, perEnvironment })
    this.#unanswered = []
    if (outcome.kind === 'busy') return false
    await this.#start(outcome.runIds)
    return outcome.runIds.length === free
  }

  /** A claim whose answer was lost with the database may have been stored. */
  async #startUnanswered(): Promise<void> {
    if (this.#unanswered.length === 0) return
    const unfinished = await listUnfinishedRuns(this.#parts.store.db, 0)
    const claimed = unfinished.filter((runId) => this.#unanswered.includes(runId))
    this.#unanswered = []
    await this.#start(claimed)
  }

  async #start(runIds: readonly string[]): Promise<void> {
    const waiting = new Set(runIds)
    for (const runId of runIds) this.#active.add(runId)
    try {
      for (const runId of runIds) {
        await this.#parts.engine.startHere(workflow, { runId }, { id: workflowId(runId) })
        waiting.delete(runId)
      }
    } finally {
      // Those after one that could not be started are orphans like it.
      for (const runId of waiting) this.#active.delete(runId)
    }
  }

  async #run(runId: string, run: WorkflowRun): Promise<null> {
    this.#active.add(runId)
    for (let n = 0; ; n += 1) {
      const end = await run.step(`slice ${n}`, () => this.#slice(runId, run))
      if (end === 'ended') return null
    }
  }

  #left(runId: string): void {
    this.#active.delete(runId)
    this.#wake()
  }

  /** While the database is away a slice can neither go on nor end: it is begun again when it is back. */
  async #slice(runId: string, run: WorkflowRun): Promise<SliceEnd> {
    for (;;) {
      try {
        return await runSlice(this.#parts, runId, run)
      } catch (error) {
        if (run.signal.aborted || !isDatabaseAway(error)) throw error
        await sleep(awayMs, null, { signal: run.signal })
      }
    }
  }

  async #abandon(runId: string, error: EngineFailure): Promise<void> {
    const ending = { state: 'failed', counts: null, error } as const
    await finishSyncRun(this.#parts.store.db, { runId, fence: null }, ending)
  }

  async #keepUp(): Promise<void> {
    const { store, limits } = this.#parts
    await mendDueTimes(store.db)
    for (const runId of await listUnfinishedRuns(store.db, orphanMs)) await this.#mendOrphan(runId)
    const old = { ageMs: limits.keepRunsMs, limit: oldRunsPerBatch }
    while ((await removeOldRuns(store.db, old)) === oldRunsPerBatch) {
      if (this.#closing.signal.aborted) return
    }
  }

  /** A run whose process ended between claiming and starting it has no workflow; one may have failed without a word. */
  async #mendOrphan(runId: string): Promise<void> {
    if (this.#active.has(runId)) return
    const { engine } = this.#parts
    const status = await engine.status(workflowId(runId))
    if (status.kind === 'unknown') {
      await engine.startHere(workflow, { runId }, { id: workflowId(runId) })
    } else if (status.kind === 'failed' || status.kind === 'finished') {
      const message =
        status.kind === 'failed' ? String(status.error) : 'Its execution ended too early.'
      const remedy = 'Start the sync again; if it happens again, report it.'
      await this.#abandon(runId, { code: 'internal', message, remedy })
    }
  }

  /** Ends early, and does not begin at all, when somebody has woken it: also while it was claiming. */
  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#endRest = () => {
        clearTimeout(timer)
        resolve()
      }
      if (this.#woken || this.#closing.signal.aborted) this.#endRest()
      this.#woken = false
    })
  }

  #wake(): void {
    this.#woken = true
    this.#endRest()
  }
}

function workflowId(runId: string): string {
  return `sync ${runId}`
}

function runIdOf(input: Json): string {
  return (input as { runId: string }).runId
}
