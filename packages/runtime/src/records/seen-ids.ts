import { PlumbError } from '@plumb/protocol'
import { countExecutionSeen, deleteExecutionSeen, noteExecutionSeen } from '@plumb/store'
import type { Queryable } from '@plumb/store'

type Stream = { readonly waiting: string[]; batches: number }

/**
 * The stored ids that one execution has seen, of any number of records. Small executions write nothing, and no other
 * writes to the log of the database.
 */
export class SeenIds {
  readonly #db: Queryable
  readonly #most: number
  readonly #streams = new Map<number, Stream>()
  #execution: number | null = null
  #waiting = 0

  /** Keeps fewer than `most` ids in memory, over all streams. */
  constructor(db: Queryable, most: number) {
    this.#db = db
    this.#most = most
  }

  /** How many ids are in memory. */
  get waiting(): number {
    return this.#waiting
  }

  async note(streamId: number, ids: readonly string[]): Promise<void> {
    const known = this.#streams.get(streamId)
    const stream = known ?? { waiting: [], batches: 0 }
    if (known === undefined) this.#streams.set(streamId, stream)
    for (const id of ids) stream.waiting.push(id)
    this.#waiting += ids.length
    if (this.#waiting < this.#most) return
    for (const id of this.#streams.keys()) await this.#write(id)
  }

  /**
   * The number under which the database knows all ids of the stream. Throws PlumbError `database-unavailable` when it
   * has lost some since.
   */
  async settle(streamId: number): Promise<number> {
    await this.#write(streamId)
    const { batches } = this.#streams.get(streamId) ?? { batches: 0 }
    const known = await countExecutionSeen(this.#db, { streamId, execution: this.#execution })
    if (known < batches) throw forgotten()
    return this.#execution ?? 0
  }

  /** Forgets all of them. */
  async end(): Promise<void> {
    const execution = this.#execution
    const streamIds = [...this.#streams.keys()]
    this.#streams.clear()
    this.#waiting = 0
    if (execution !== null) await deleteExecutionSeen(this.#db, { streamIds, execution })
  }

  async #write(streamId: number): Promise<void> {
    const stream = this.#streams.get(streamId)
    if (stream === undefined || stream.waiting.length === 0) return
    const { waiting: ids } = stream
    this.#execution = await noteExecutionSeen(this.#db, {
      ...{ streamId, ids, execution: this.#execution },
    })
    stream.batches += 1
    this.#waiting -= ids.length
    ids.length = 0
  }
}

function forgotten(): PlumbError {
  return new PlumbError({
    code: 'database-unavailable',
    message:
      'The database was restarted while this execution ran, and does not know any more what it has saved.',
    remedy: 'Run it again: nothing was deleted, and what was saved is there.',
  })
}
