import { randomUUID } from 'node:crypto'
import { PlumbError } from '@plumb/protocol'
import type { Json } from '@plumb/protocol'
import { saveMessages, saveOperations } from '@plumb/store'
import type { Database, NewMessage, StoredOperation } from '@plumb/store'
import { concealJson, concealText } from './conceal.js'
import { Concealment } from './concealment.js'
import { LogQueue } from './log-queue.js'
import type { Loss, QueuedMessage, QueueLimits, Taken } from './log-queue.js'
import type { LogWriter, NewOperation, OperationLog } from './log-writer.js'

export type LogWriterOptions = {
  readonly db: Pick<Database, 'query'>
  readonly now?: () => number
  readonly newId?: () => string
  /** How long a message may wait to be stored, in milliseconds. Default 250. */
  readonly flushAfterMs?: number
  readonly limits?: Partial<QueueLimits>
}

const defaultLimits: QueueLimits = { messages: 20_000, operations: 10_000, characters: 32_000_000 }
const rowsAtOnce = 1000
const longestText = 20_000
const longestDetails = 64_000
/** Between two tries to reach a database that did not answer. */
const retryMs = 1000
const closingTries = 3

/** Opens the one writer of a process. A database that is away costs messages, never a call. */
export function openLogWriter(options: LogWriterOptions): LogWriter {
  return new BufferedLogWriter(options)
}

class BufferedLogWriter implements LogWriter {
  readonly #options: LogWriterOptions
  readonly #queue: LogQueue
  readonly #now: () => number
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<boolean> = Promise.resolve(true)
  #closed = false

  constructor(options: LogWriterOptions) {
    this.#options = options
    this.#queue = new LogQueue({ ...defaultLimits, ...options.limits })
    this.#now = options.now ?? Date.now
  }

  start(operation: NewOperation): OperationLog {
    const id = (this.#options.newId ?? randomUUID)()
    const startedAt = this.#at()
    const started: StoredOperation = {
      ...{ id, ...operation, state: 'running', error: null, startedAt, finishedAt: null },
    }
    const concealment = new Concealment()
    const { environment } = operation
    let finished = false
    this.#put(started)
    return {
      id,
      message: ({ level, text, details = null }) =>
        this.#tell(concealment, {
          operationId: id,
          environment,
          at: this.#at(),
          level,
          text,
          details,
        }),
      conceal: (secrets) => concealment.add(secrets),
      finish: ({ state, error = null }) => {
        if (finished) return
        finished = true
        const shown = error === null ? null : concealError(error, concealment)
        this.#put({ ...started, state, error: shown, finishedAt: this.#at() })
      },
    }
  }

  async flush(): Promise<void> {
    while (this.#queue.length > 0) {
      if (!(await this.#write())) return
    }
    await this.#writing
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    for (let tries = 0; tries < closingTries && this.#queue.length > 0; tries++) await this.flush()
    await this.#writing
  }

  #at(): string {
    return new Date(this.#now()).toISOString()
  }

  #put(operation: StoredOperation): void {
    if (this.#closed) return
    this.#queue.putOperation(operation)
    this.#schedule(this.#options.flushAfterMs ?? 250)
  }

  #tell(concealment: Concealment, message: NewMessage): void {
    if (this.#closed) return
    const text = message.text.slice(0, longestText)
    const { details, size } = bounded(message.details)
    this.#queue.putMessage({ ...message, text, details, size: size + text.length, concealment })
    this.#schedule(this.#options.flushAfterMs ?? 250)
  }

  #schedule(afterMs: number): void {
    if (this.#timer !== null || this.#closed) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      void this.#write().then((stored) => {
        if (this.#queue.length > 0) this.#schedule(stored ? 0 : retryMs)
      })
    }, afterMs)
    this.#timer.unref()
  }

  /** One batch at a time. False when the database did not take it. */
  #write(): Promise<boolean> {
    this.#writing = this.#writing.then(() => this.#writeBatch())
    return this.#writing
  }

  async #writeBatch(): Promise<boolean> {
    const taken = this.#queue.take(rowsAtOnce)
    try {
      await this.#save(taken)
      return true
    } catch (error) {
      // What the database refuses for itself, it would refuse for ever.
      if (error instanceof PlumbError) this.#queue.putBack(taken)
      else this.#queue.giveUp(taken)
      return false
    }
  }

  async #save({ operations, messages, losses }: Taken): Promise<void> {
    const { db } = this.#options
    if (operations.length > 0) await saveOperations(db, operations)
    const rows = [...messages.map(concealed), ...losses.map((loss) => tellLoss(loss, this.#at()))]
    if (rows.length > 0) await saveMessages(db, rows)
  }
}

function concealed({ concealment, ...message }: QueuedMessage): NewMessage {
  const { redaction } = concealment
  const { text, details } = message
  return {
    ...message,
    text: concealText(text, redaction),
    details: concealJson(details, redaction),
  }
}

type Failure = NonNullable<StoredOperation['error']>

function concealError({ code, message, remedy }: Failure, { redaction }: Concealment): Failure {
  const shown = (text: string): string => concealText(text, redaction).slice(0, longestText)
  return { code, message: shown(message), remedy: shown(remedy) }
}

function tellLoss({ operationId, environment, count }: Loss, at: string): NewMessage {
  const text = `${count} messages of this operation were dropped: the log could not keep up.`
  return { operationId, environment, at, level: 'warn', text, details: { dropped: count } }
}

/** Details that are not too large to keep, and how many characters they have. */
function bounded(details: Json): { details: Json; size: number } {
  if (details === null) return { details, size: 0 }
  const text = JSON.stringify(details)
  if (text.length <= longestDetails) return { details, size: text.length }
  return { details: { truncated: text.slice(0, longestDetails) }, size: longestDetails }
}
