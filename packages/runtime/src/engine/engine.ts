import type { Json } from '@plumb/protocol'

/** One execution of a workflow: at its first start, and again wherever it is resumed. */
export type WorkflowRun = {
  readonly id: string
  /** Aborted when the engine stops, or when another process may take the work over. */
  readonly signal: AbortSignal
  /** Throws PlumbError `engine-lost` once another process may have taken the work over. Asks nobody; call it freely. */
  assertOwned(): void
  /**
   * Does `work` and keeps its result: a step that has ended is never repeated, one that was interrupted is. What
   * `work` throws ends the workflow, but counts as never done when the engine is stopping.
   */
  step<T extends Json | undefined | void>(
    name: string,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T>
  /** Says that the work got somewhere inside of a step: however often it is interrupted, it is not given up. */
  progressed(): Promise<void>
  /** Survives restarts. In milliseconds. */
  sleep(ms: number): Promise<void>
}

export type WorkflowDefinition = {
  readonly name: string
  /** Executions at once in this process, of those that were enqueued. Without it, they are only started here. */
  readonly concurrency?: number
  /** Executions at once in one partition, over all processes. Default: any number. */
  readonly perPartition?: number
  readonly run: (input: Json, run: WorkflowRun) => Promise<Json | undefined>
  /** Told when an execution in this process is over: it has ended, or was let go, maybe before `run` was called. */
  readonly left?: (input: Json) => void
  /** Told when the workflow is given up, because it never got anywhere however often it was begun. */
  readonly abandoned?: (input: Json, error: EngineFailure) => Promise<void>
}

export type EngineFailure = {
  readonly code: string
  readonly message: string
  readonly remedy: string
}

export type EnqueueOptions = {
  /** Of the work; enqueuing the same id again does nothing. */
  readonly id: string
  /** Such as a connection: partitions get their turns, and have `perPartition` executions at once. */
  readonly partition?: string
}

export type WorkflowStatus =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'finished'; readonly output: unknown }
  | { readonly kind: 'failed'; readonly error: unknown }

/**
 * Durable work in the database: what is enqueued is executed, by this process or by another one of the same
 * database, also when processes are killed on the way. Define, then `start`, then enqueue.
 */
export type Engine = {
  /** Whether it executes work at this moment: not while its database is away, nor before it has started. */
  readonly isWorking: boolean
  /** Before `start`. */
  define(workflow: WorkflowDefinition): void
  /** Throws PlumbError `engine-open` when this process has another engine that is started. */
  start(): Promise<void>
  /** Resolves when the work is stored. */
  enqueue(name: string, input: Json, options: EnqueueOptions): Promise<void>
  /** Executes in this process at once, instead of where there is a place. */
  startHere(name: string, input: Json, options: { readonly id: string }): Promise<void>
  status(id: string): Promise<WorkflowStatus>
  /** Interrupts what runs here; other processes, or the next one, go on with it. */
  close(): Promise<void>
}
