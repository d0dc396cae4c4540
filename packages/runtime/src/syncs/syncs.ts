import type {
  EnsureScope,
  RunFilter,
  StoredSync,
  SyncFilter,
  SyncMode,
  SyncName,
  SyncRun,
} from '@plumb/store'

/** A sync of a connection with its newest run, and how many records it keeps. */
export type SyncStatus = StoredSync & {
  readonly lastRun: SyncRun | null
  readonly recordCounts: Readonly<Record<string, number>>
}

/** The syncs of connections: when they run, and what their runs did. */
export type Syncs = {
  /** Starts schedules, each with a run at once. Throws PlumbError `sync-unknown` for names that nobody has. */
  start(filter: SyncFilter): Promise<void>
  /** Pauses schedules; a run under way ends at its next checkpoint. Throws PlumbError `sync-unknown`. */
  pause(filter: SyncFilter): Promise<void>
  /** Asks for one run of each, also where the schedule is paused. Throws PlumbError `sync-unknown`. */
  trigger(filter: SyncFilter, mode: SyncMode): Promise<void>
  status(filter: SyncFilter): Promise<readonly SyncStatus[]>
  runs(filter: RunFilter): Promise<readonly SyncRun[]>
  /**
   * Gives a connection a frequency of its own, such as `every 5m`; null takes it away. Returns the one in force.
   * Throws PlumbErrors `sync-unknown`, `sync-invalid`.
   */
  setFrequency(sync: SyncName, frequency: string | null): Promise<string>
  /** Adds a sync beside `base`, with records of its own; its id. Throws PlumbErrors `sync-unknown`, `sync-invalid`. */
  addVariant(sync: SyncName): Promise<{ readonly id: string }>
  /** Removes one, but not `base`. Throws PlumbErrors `sync-unknown`, `sync-invalid`. */
  removeVariant(sync: SyncName): Promise<void>
  /** Gives a connection that was made, or made anew, the schedules of its integration; what failed is due at once. */
  ensureFor(connection: Required<EnsureScope>): Promise<void>
  /** Brings the schedules of all connections in line with the live deployment. */
  ensureAll(environment: string): Promise<void>
  /** Begins to run what is due; the engine must be started. */
  begin(): void
  /** Starts nothing more. What runs is the engine's to interrupt. */
  close(): Promise<void>
}

/** How much syncs may take, and for how long. Times in milliseconds. */
export type SyncLimits = {
  /** Runs at once in this process. */
  readonly concurrency: number
  /** Runs at once in one environment, over all processes. */
  readonly perEnvironment: number
  /** Time after which a slice ends where it saves its next checkpoint, and the next one begins. */
  readonly sliceMs: number
  /** The longest slice without such an end. */
  readonly longestSliceMs: number
  /** The longest run, over all its slices. */
  readonly longestRunMs: number
  /** From a failure that may pass by itself to the next try; doubles each time. */
  readonly firstRetryMs: number
  /** How often due syncs are looked for. */
  readonly pollMs: number
  /** How long runs are kept. */
  readonly keepRunsMs: number
}
