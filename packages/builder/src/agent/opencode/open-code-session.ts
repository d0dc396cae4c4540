import type { GlobalEvent, SessionStatus } from '@opencode-ai/sdk/v2'
import { PlumbError } from '@plumb/protocol'
import { EventQueue } from '../event-queue.js'
import type { HarnessEvent, Session, SessionUsage, StartSession } from '../harness.js'
import type { RunningServer } from './open-code-server.js'
import { TraceMapper } from './trace-mapper.js'
import type { MessageError, SessionRow } from './trace-mapper.js'

/** How often OpenCode may try one request to a model, about half a minute; it would give up itself after six. */
const modelTries = 5

type Payload = GlobalEvent['payload']
type Row = SessionRow & { readonly seq: number }

export type SessionParts = {
  readonly id: string
  readonly start: StartSession
  readonly server: () => Promise<RunningServer>
  readonly url: () => string
  readonly now: () => number
  readonly onClose: () => Promise<void>
}

/** Answers of the model's side that another try may change. */
function isRetryable(error: MessageError): boolean {
  if (error.name !== 'APIError') return error.name === 'UnknownError'
  const status = error.data.statusCode
  return error.data.isRetryable || status === undefined || status === 429 || status >= 500
}

function describe(error: MessageError): string {
  const message = 'message' in error.data ? String(error.data.message) : ''
  const status = error.name === 'APIError' ? ` (status ${error.data.statusCode ?? 'none'})` : ''
  return `${error.name}: ${message}${status}`
}

/**
 * One OpenCode session. Its rows arrive numbered; a number that is missing is fetched from the server's history before
 * anything later is told, so the trace has no gaps that go unnoticed.
 *
 * waiting --prompt()--> working --idle--> waiting (idle or failed is told) ; working --server dies--> waiting (failed)
 */
export class OpenCodeSession implements Session {
  readonly id: string
  readonly #parts: SessionParts
  readonly #queue = new EventQueue<HarnessEvent>()
  readonly #mapper = new TraceMapper()
  #nextSequence = 1
  #working = false
  #aborting = false
  /** Everything that arrives is handled in order, also when a part of it waits for the server. */
  #last: Promise<void> = Promise.resolve()

  constructor(parts: SessionParts) {
    this.id = parts.id
    this.#parts = parts
    const { model } = parts.start
    const body = {
      kind: 'session-started',
      harness: 'opencode',
      model,
      sessionId: this.id,
    } as const
    this.#queue.push({ kind: 'trace', body })
  }

  get events(): AsyncIterable<HarnessEvent> {
    return this.#queue
  }

  get attachUrl(): string {
    const folder = Buffer.from(this.#parts.start.workspace.directory).toString('base64url')
    return `${this.#parts.url()}/${folder}/session/${this.id}`
  }

  usage(): SessionUsage {
    return this.#mapper.usage
  }

  async prompt(text: string): Promise<void> {
    const { workspace, model } = this.#parts.start
    const [providerID = '', ...rest] = model.split('/')
    const { client } = await this.#parts.server()
    this.#working = true
    this.#aborting = false
    const { error } = await client.session.promptAsync({
      sessionID: this.id,
      directory: workspace.directory,
      system: workspace.guide,
      model: { providerID, modelID: rest.join('/') },
      parts: [{ type: 'text', text }],
    })
    if (error !== undefined)
      throw new PlumbError({
        code: 'harness-failed',
        message: `OpenCode did not take a message for session "${this.id}": ${JSON.stringify(error)}`,
        remedy: 'Run the build again; the interactions that are done stay done.',
      })
  }

  async abort(): Promise<void> {
    if (!this.#working) return
    this.#aborting = true
    const { client } = await this.#parts.server()
    const { directory } = this.#parts.start.workspace
    await client.session.abort({ sessionID: this.id, directory })
  }

  async close(): Promise<void> {
    await this.#parts.onClose()
    await this.#last
    this.#queue.end()
  }

  /** Takes one event of the server that belongs to this session. */
  receive(payload: Payload): void {
    this.#inOrder(() => this.#handle(payload))
  }

  /** Fetches what a broken stream may have lost. */
  resumed(): void {
    this.#inOrder(async () => {
      await this.#catchUp()
      if (this.#working && (await this.#isIdle())) this.#turnEnded()
    })
  }

  died(detail: string): void {
    this.#inOrder(() => {
      const calls = this.#mapper.interrupt(this.#parts.now())
      for (const body of calls) this.#queue.push({ kind: 'trace', body })
      this.#fail({ reason: 'server-died', detail, retryable: true })
    })
  }

  #inOrder(step: () => void | Promise<void>): void {
    this.#last = this.#last.then(step).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error)
      this.#queue.push({ kind: 'failed', reason: 'trace-gap', detail, retryable: true })
    })
  }

  async #handle(payload: Payload): Promise<void> {
    if (payload.type === 'sync') {
      const { seq, type, data } = payload.syncEvent
      return this.#row({ seq, type, data: data })
    }
    if (payload.type === 'session.idle') return this.#turnEnded()
    if (payload.type === 'session.status') return this.#retrying(payload.properties.status)
    if (payload.type === 'permission.asked') return this.#refuse(payload.properties.id)
    this.#queue.push({ kind: 'alive' })
  }

  /** A model that does not answer ends the attempt for a reason that is not the agent's. */
  async #retrying(status: SessionStatus): Promise<void> {
    this.#queue.push({ kind: 'alive' })
    if (status.type !== 'retry' || status.attempt < modelTries || !this.#working) return
    const detail = `The model did not answer ${modelTries} times: ${status.message}`
    this.#fail({ reason: 'model-failed', detail, retryable: false })
    const { client } = await this.#parts.server()
    const { directory } = this.#parts.start.workspace
    await client.session.abort({ sessionID: this.id, directory })
  }

  async #row(row: Row): Promise<void> {
    if (row.seq > this.#nextSequence) await this.#catchUp()
    this.#tell(row)
  }

  #tell(row: Row): void {
    if (row.seq < this.#nextSequence) return
    if (row.seq > this.#nextSequence)
      throw new Error(
        `Rows ${this.#nextSequence} to ${row.seq - 1} of session "${this.id}" are missing.`,
      )
    this.#nextSequence = row.seq + 1
    const bodies = this.#mapper.map(row)
    if (bodies.length === 0) this.#queue.push({ kind: 'alive' })
    for (const body of bodies) this.#queue.push({ kind: 'trace', body })
  }

  async #catchUp(): Promise<void> {
    const { client } = await this.#parts.server()
    const { data } = await client.sync.history.list({ body: { [this.id]: this.#nextSequence - 1 } })
    const rows = (data ?? []).filter((row) => row.aggregate_id === this.id)
    for (const row of rows.sort((a, b) => a.seq - b.seq)) this.#tell(row)
  }

  async #isIdle(): Promise<boolean> {
    const { client } = await this.#parts.server()
    const { directory } = this.#parts.start.workspace
    const { data } = await client.session.status({ directory })
    return (data?.[this.id]?.type ?? 'idle') === 'idle'
  }

  #turnEnded(): void {
    if (!this.#working) return
    const { error } = this.#mapper
    if (error === null || this.#aborting) {
      this.#working = false
      this.#queue.push({ kind: 'idle' })
    } else {
      const [detail, retryable] = [describe(error), isRetryable(error)]
      this.#fail({ reason: 'model-failed', detail, retryable })
    }
  }

  #fail(failure: Omit<Extract<HarnessEvent, { kind: 'failed' }>, 'kind'>): void {
    if (!this.#working) return
    this.#working = false
    this.#queue.push({ kind: 'failed', ...failure })
  }

  /** Nobody is there to ask; an open question would hold the session for ever. */
  async #refuse(requestID: string): Promise<void> {
    const { client } = await this.#parts.server()
    const { directory } = this.#parts.start.workspace
    await client.permission.reply({ requestID, directory, reply: 'reject' })
  }
}
