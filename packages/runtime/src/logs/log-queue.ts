import type { NewMessage, StoredOperation } from '@plumb/store'
import type { Concealment } from './concealment.js'

export type QueueLimits = {
  readonly messages: number
  readonly operations: number
  /** Characters of all texts and details. */
  readonly characters: number
}

export type QueuedMessage = NewMessage & {
  readonly size: number
  readonly concealment: Concealment
}

/** How many messages of an operation were given up. */
export type Loss = { readonly operationId: string; readonly environment: string; count: number }

export type Taken = {
  readonly operations: readonly StoredOperation[]
  readonly messages: readonly QueuedMessage[]
  readonly losses: readonly Loss[]
}

/** What waits to be stored. It never grows over its limits: the oldest debug messages go first, then the oldest. */
export class LogQueue {
  readonly #limits: QueueLimits
  #operations = new Map<string, StoredOperation>()
  #messages: QueuedMessage[] = []
  #characters = 0
  #losses = new Map<string, Loss>()

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  get length(): number {
    return this.#messages.length + this.#operations.size + this.#losses.size
  }

  putOperation(operation: StoredOperation): void {
    this.#operations.set(operation.id, operation)
    if (this.#operations.size <= this.#limits.operations) return
    const [oldest] = this.#operations.keys()
    if (oldest !== undefined) this.#operations.delete(oldest)
  }

  putMessage(message: QueuedMessage): void {
    this.#messages.push(message)
    this.#characters += message.size
    if (this.#isFull()) this.#makeRoom()
  }

  /** Counts what was taken and could not be stored as given up. */
  giveUp({ messages, losses }: Taken): void {
    for (const message of messages) this.#lose(message, 1)
    for (const loss of losses) this.#lose(loss, loss.count)
  }

  /** Everything that waits, at most `most` messages of it; `putBack` returns it. */
  take(most: number): Taken {
    const operations = [...this.#operations.values()]
    const messages = this.#messages.splice(0, most)
    for (const { size } of messages) this.#characters -= size
    const losses = [...this.#losses.values()]
    this.#operations = new Map()
    this.#losses = new Map()
    return { operations, messages, losses }
  }

  putBack({ operations, messages, losses }: Taken): void {
    const newer = this.#operations
    this.#operations = new Map(operations.map((operation) => [operation.id, operation]))
    for (const operation of newer.values()) this.putOperation(operation)
    this.#messages = [...messages, ...this.#messages]
    for (const { size } of messages) this.#characters += size
    for (const loss of losses) this.#lose(loss, loss.count)
    if (this.#isFull()) this.#makeRoom()
  }

  #isFull(): boolean {
    return (
      this.#messages.length > this.#limits.messages || this.#characters > this.#limits.characters
    )
  }

  /** Drops a tenth at once, so that a full queue does not look through itself for every message. */
  #makeRoom(): void {
    const { messages, characters } = this.#limits
    const fits = (): boolean =>
      this.#messages.length - gone.size <= messages * 0.9 && this.#characters <= characters * 0.9
    const gone = new Set<QueuedMessage>()
    const debug = this.#messages.filter(({ level }) => level === 'debug')
    for (const message of [...debug, ...this.#messages]) {
      if (fits()) break
      if (gone.has(message)) continue
      gone.add(message)
      this.#characters -= message.size
      this.#lose(message, 1)
    }
    this.#messages = this.#messages.filter((message) => !gone.has(message))
  }

  #lose({ operationId, environment }: Omit<Loss, 'count'>, count: number): void {
    const loss = this.#losses.get(operationId)
    if (loss !== undefined) loss.count += count
    else this.#losses.set(operationId, { operationId, environment, count })
  }
}
