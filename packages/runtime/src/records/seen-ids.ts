import { PlumbError } from '@plumb/protocol'
import { countExecutionSeen, deleteExecutionSeen, noteExecutionSeen } from '@plumb/store'
import type { Queryable } from '@plumb/store'

type Stream = { readonly id: number; waiting: string[]; batches: number }

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
  #written: Promise<unknown> = Promise.resolve()

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
    const stream = known ?? { id: streamId, waiting: [], batches: 0 }
    if (known === undefined) this.#streams.set(streamId, stream)
    for (const id of ids) stream.waiting.push(id)
    this.#waiting += ids.length
    if (this.#waiting < this.#most) return
    await Promise.all([...this.#streams.values()].map((each) => this.#write(each)))
  }

  /**
   * The number under which the database knows all ids of the stream. Throws PlumbError `database-unavailable` when it
   * has lost some since.
   */
  async settle(streamId: number): Promise<number> {
    const stream = this.#streams.get(streamId)
    if (stream === undefined) return 0
    await this.#write(stream)
    const { batches } = stream
    const known = await countExecutionSeen(this.#db, { streamId, execution: this.#execution })
    if (known < batches) throw forgotten()
    return this.#execution ?? 0
  }

  /** Forgets all of them. */
  async end(): Promise<void> {
    await this.#written
    const execution = this.#execution
    const streamIds = [...this.#streams.keys()]
    this.#execution = null
    this.#streams.clear()
    this.#waiting = 0
    if (execution !== null) await deleteExecutionSeen(this.#db, { streamIds, execution })
  }

  /** One batch after the other: the first one numbers the execution. */
  #write(stream: Stream): Promise<void> {
    const writing = this.#written.then(() => this.#writeNow(stream))
    this.#written = writing.catch(() => undefined)
    return writing
  }

  async #writeNow(stream: Stream): Promise<void> {
    const ids = stream.waiting
    if (ids.length === 0) return
    stream.waiting = []
    try {
      const seen = { streamId: stream.id, ids, execution: this.#execution }
      this.#execution = await noteExecutionSeen(this.#db, seen)
      stream.batches += 1
      this.#waiting -= ids.length
    } catch (error) {
      stream.waiting = ids.concat(stream.waiting)
      throw error
    }
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
