import { setTimeout as sleep } from 'node:timers/promises'
import type * as Library from '@dbos-inc/dbos-sdk'
import type * as Receiver from '@dbos-inc/dbos-sdk/eventreceiver'
import { PlumbError } from '@plumb/protocol'
import type { Json } from '@plumb/protocol'
import type { Database } from '@plumb/store'
import { adoptedQueue, adoptWork, resumeWork } from './adopt-work.js'
import type { Engine, EnqueueOptions, WorkflowDefinition, WorkflowStatus } from './engine.js'
import { holdSlot, takeSlot } from './engine-slot.js'
import type { HeldSlot, SlotOptions } from './engine-slot.js'
import { executeWorkflow } from './execute-workflow.js'
import { removeFinished } from './remove-finished.js'

export type EngineOptions = {
  readonly db: Database
  /** Part of the name of this process's slot. Default: the name of the machine. */
  readonly host?: string
  /** Silence after which others take over what this process does, in milliseconds. Default 15,000. */
  readonly leaseMs?: number
  /** Default 3,000. */
  readonly beatMs?: number
  /**
   * How often queues are asked for work, in milliseconds. Default 200, and a second for work that dead processes have
   * left.
   */
  readonly pollMs?: number
  /** How long finished work can be asked about, in milliseconds. Default one hour. */
  readonly keepMs?: number
  readonly onProgress?: (message: string) => void
}

/** Raised when a workflow's steps change in a way that those under way can not follow. */
const applicationVersion = '1'
const schema = 'plumb_engine'
const queuePrefix = 'plumb '
const sessions = 6
const mostStarts = 5
const launchWaitMs = 100
const adoptedAtOnce = 16
/** How long work that does not heed its signal may hold up a close. */
const graceMs = 10_000
const silent = { info: ignore, debug: ignore, warn: ignore, error: ignore }

function ignore(): void {}

/** The library has one engine per process. */
let isOpen = false

/** An engine that does nothing yet: define workflows, then `start` it. */
export function openEngine(options: EngineOptions): Engine {
  return new DurableEngine(options)
}

type Body = (name: string, input: Json) => Promise<Json | undefined>
type Started = {
  readonly library: typeof Library
  readonly dbos: typeof Library.DBOS
  readonly body: Body
  readonly pool: ReturnType<Database['openPool']>
  readonly slotName: string
}

class DurableEngine implements Engine {
  readonly #options: EngineOptions
  readonly #slotOptions: SlotOptions
  readonly #definitions = new Map<string, WorkflowDefinition>()
  readonly #closing = new AbortController()
  readonly #executing = new Map<string, Promise<unknown>>()
  /** Begun in this slot and not executed, when last looked. */
  #stranded: ReadonlySet<string> = new Set()
  #slot: HeldSlot | null = null
  #started: Started | null = null
  #upkeep: Promise<void> = Promise.resolve()

  constructor(options: EngineOptions) {
    const { db, host, leaseMs = 15_000, beatMs = 3_000 } = options
    this.#options = options
    this.#slotOptions = { db, leaseMs, beatMs, ...(host !== undefined && { host }) }
  }

  get isWorking(): boolean {
    return this.#slot !== null && this.#slot.isLocked && !this.#slot.lost.aborted
  }

  define(workflow: WorkflowDefinition): void {
    this.#definitions.set(workflow.name, workflow)
  }

  async start(): Promise<void> {
    if (isOpen) throw alreadyOpen()
    isOpen = true
    try {
      await this.#launch()
    } catch (error) {
      isOpen = false
      await this.#slot?.release()
      throw error
    }
  }

  async #launch(): Promise<void> {
    const [library, { registerInternalQueue }, slot] = await Promise.all([
      import('@dbos-inc/dbos-sdk'),
      import('@dbos-inc/dbos-sdk/eventreceiver'),
      takeSlot(this.#slotOptions),
    ])
    this.#slot = slot
    const { DBOS: dbos } = library
    const pool = this.#options.db.openPool(sessions)
    const execute: Body = (name, input) => this.#execute(name, input)
    const body = dbos.registerWorkflow(execute, {
      name: 'plumb',
      maxRecoveryAttempts: 1_000_000,
    })
    this.#started = { library, dbos, body, pool, slotName: slot.slot }
    dbos.setConfig({
      name: 'plumb',
      systemDatabasePool: pool,
      systemDatabaseSchemaName: schema,
      applicationVersion,
      executorID: slot.slot,
      logger: silent,
      useListenNotify: false,
    })
    this.#registerQueues(registerInternalQueue)
    await this.#launchAlone(dbos)
    this.#upkeep = this.#keepUp(this.#started)
  }

  /**
   * Servers that start at the same moment would get in each other's way when the library makes its tables. Nobody waits
   * in a statement: an index that is built concurrently waits for all of those.
   */
  async #launchAlone(dbos: Started['dbos']): Promise<void> {
    for (;;) {
      const outcome = await this.#options.db.tryLock('engine launch', () => dbos.launch())
      if (outcome.kind === 'done') return
      await sleep(launchWaitMs)
    }
  }

  /** Queues whose limits are those of this process: as rows of the database they would be those of whoever came last. */
  #registerQueues(register: typeof Receiver.registerInternalQueue): void {
    const { pollMs } = this.#options
    for (const { name, concurrency, perPartition } of this.#definitions.values()) {
      // Asking a queue that nothing is put into costs as much as any other.
      if (concurrency === undefined) continue
      register(queuePrefix + name, {
        workerConcurrency: concurrency,
        minPollingIntervalMs: pollMs ?? 200,
        ...(perPartition !== undefined && { partitionConcurrency: perPartition }),
      })
    }
    register(adoptedQueue, {
      workerConcurrency: adoptedAtOnce,
      minPollingIntervalMs: pollMs ?? 1000,
    })
  }

  async enqueue(name: string, input: Json, { id, partition }: EnqueueOptions): Promise<void> {
    const { concurrency, perPartition } = this.#definitionOf(name)
    if (concurrency === undefined) throw new Error(`Nothing takes "${name}" from a queue.`)
    const { dbos, body } = this.#running()
    await dbos.startWorkflow(body, {
      workflowID: id,
      queueName: queuePrefix + name,
      ...(perPartition !== undefined && {
        enqueueOptions: { queuePartitionKey: partition ?? '' },
      }),
    })(name, input)
  }

  async startHere(name: string, input: Json, { id }: { readonly id: string }): Promise<void> {
    this.#definitionOf(name)
    const { dbos, body } = this.#running()
    await dbos.startWorkflow(body, { workflowID: id })(name, input)
  }

  async status(id: string): Promise<WorkflowStatus> {
    const stored = await this.#running().dbos.getWorkflowStatus(id)
    return stored === null ? { kind: 'unknown' } : statusOf(stored)
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return
    this.#closing.abort(stopping())
    const letGo = Promise.allSettled([...this.#executing.values(), this.#upkeep])
    await Promise.race([letGo, sleep(graceMs, null, { ref: false })])
    if (this.#started === null) return
    await this.#started.dbos.shutdown({ deregister: true })
    await this.#started.pool.end()
    await this.#slot?.release()
    isOpen = false
  }

  async #execute(name: string, input: Json): Promise<Json | undefined> {
    const { dbos, library } = this.#running()
    const id = dbos.workflowID ?? ''
    // Begun anew before it was let go: who executes it finds out, and it is taken up once more.
    if (this.#executing.has(id)) throw new library.DBOSWorkflowConflictError(id)
    const definition = this.#definitionOf(name)
    const place = {
      ...{ id, db: this.#options.db, dbos, Conflict: library.DBOSWorkflowConflictError },
      ...{ slot: this.#slot, closing: this.#closing.signal, mostStarts },
    }
    const execution = executeWorkflow(place, definition, input)
    this.#executing.set(id, execution)
    try {
      return await execution
    } finally {
      this.#executing.delete(id)
      definition.left?.(input)
    }
  }

  /** Looks after what other processes have left, after this one's slot, and after what has ended. */
  async #keepUp(started: Started): Promise<void> {
    const { beatMs, leaseMs } = this.#slotOptions
    const { keepMs = 3_600_000 } = this.#options
    const signal = this.#closing.signal
    for (let round = 0; !signal.aborted; round += 1) {
      try {
        if (this.#slot?.lost.aborted !== false) await this.#regainSlot(started)
        else await this.#resumeStranded(started)
        const { db } = this.#options
        const own = started.slotName
        const adopted = await adoptWork({ db, dbos: started.dbos, own, expelMs: leaseMs + beatMs })
        if (adopted > 0)
          this.#tell(`Took over ${adopted} pieces of work of a process that is gone.`)
        if (round % 100 === 0) await removeFinished(started.dbos, keepMs, signal)
      } catch (error) {
        if (!signal.aborted) this.#tell(`The engine waits for its database: ${String(error)}`)
      }
      await sleep(beatMs, null, { signal }).catch(() => null)
    }
  }

  /** What this process was doing when it lost its slot has stopped; it begins again like anybody's. */
  async #regainSlot({ dbos, slotName }: Started): Promise<void> {
    this.#slot = null
    const held = await holdSlot(this.#slotOptions, slotName)
    if (held === null) return
    await Promise.allSettled(this.#executing.values())
    await resumeWork(dbos, slotName)
    this.#slot = held
  }

  /**
   * What was begun here and is executed by nobody is begun again: its start met the loss of the slot, or the answer of
   * the database to it was lost. Twice in a row, because a start takes its time.
   */
  async #resumeStranded({ dbos, slotName }: Started): Promise<void> {
    const stranded = new Set<string>()
    await resumeWork(dbos, slotName, (id) => {
      if (this.#executing.has(id)) return false
      stranded.add(id)
      return this.#stranded.has(id)
    })
    this.#stranded = stranded
  }

  #tell(message: string): void {
    this.#options.onProgress?.(message)
  }

  #running(): Started {
    if (this.#started !== null) return this.#started
    throw new PlumbError({
      code: 'server-stopping',
      message: 'Durable work can not be given to an engine that is not started.',
      remedy: 'Try again when the server is ready.',
    })
  }

  #definitionOf(name: string): WorkflowDefinition {
    const known = this.#definitions.get(name)
    if (known !== undefined) return known
    throw new Error(`The engine has no workflow "${name}".`)
  }
}

function statusOf({ status, output, error }: Library.WorkflowStatus): WorkflowStatus {
  if (status === 'SUCCESS') return { kind: 'finished', output }
  if (status === 'ENQUEUED' || status === 'DELAYED') return { kind: 'waiting' }
  return status === 'PENDING' ? { kind: 'running' } : { kind: 'failed', error }
}

function alreadyOpen(): PlumbError {
  return new PlumbError({
    code: 'engine-open',
    message: 'This process already has an engine for durable work.',
    remedy: 'Close it before another one starts.',
  })
}

function stopping(): PlumbError {
  return new PlumbError({
    code: 'server-stopping',
    message: 'The server is stopping.',
    remedy: 'The work goes on when it is started again.',
  })
}
