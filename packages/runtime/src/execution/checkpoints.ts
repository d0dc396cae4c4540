import { PlumbError } from '@plumb/protocol'
import type { JsonObject } from '@plumb/protocol'

/** A checkpoint with the number of its last change; null and some version after it was cleared. */
export type VersionedCheckpoint = {
  readonly checkpoint: JsonObject | null
  readonly version: number
}

/** Where the checkpoint of one sync and connection is kept. */
export type CheckpointStore = {
  /** Version 0 when nothing was ever saved. */
  read(): Promise<VersionedCheckpoint>
  /** Returns the new version, or null when `expected` is not the current one any more. */
  write(checkpoint: JsonObject | null, expected: number): Promise<number | null>
}

/** A store that ends with the process; pass it on to let a later execution continue. */
export function memoryCheckpoints(checkpoint: JsonObject | null = null): CheckpointStore {
  let kept: VersionedCheckpoint = { checkpoint, version: 0 }
  return {
    read: async () => kept,
    write: async (next, expected) => {
      if (kept.version !== expected) return null
      kept = { checkpoint: next, version: expected + 1 }
      return kept.version
    },
  }
}

/**
 * One execution's view of the store. It sees its own changes only, and throws PlumbError `checkpoint-conflict`
 * instead of overwriting those of another execution.
 */
export class ExecutionCheckpoint {
  readonly #store: CheckpointStore
  #seen: VersionedCheckpoint

  private constructor(store: CheckpointStore, seen: VersionedCheckpoint) {
    this.#store = store
    this.#seen = seen
  }

  static async open(store: CheckpointStore): Promise<ExecutionCheckpoint> {
    return new ExecutionCheckpoint(store, await store.read())
  }

  get current(): JsonObject | null {
    return this.#seen.checkpoint
  }

  save(checkpoint: JsonObject): Promise<void> {
    return this.#write(checkpoint)
  }

  /** Does nothing when there is none. */
  async clear(): Promise<void> {
    if (this.#seen.checkpoint !== null) await this.#write(null)
  }

  async #write(checkpoint: JsonObject | null): Promise<void> {
    const version = await this.#store.write(checkpoint, this.#seen.version)
    if (version === null) throw conflict(checkpoint)
    this.#seen = { checkpoint, version }
  }
}

function conflict(checkpoint: JsonObject | null): PlumbError {
  return new PlumbError({
    code: 'checkpoint-conflict',
    message: `The checkpoint ${JSON.stringify(checkpoint)} was not saved: another execution saved its own in between.`,
    remedy: 'Let one execution of a sync and connection run at a time; the next one continues.',
  })
}
