import type {
  ApiDescription,
  CompiledFunction,
  Connection,
  Finding,
  JsonObject,
  Provider,
  RunClock,
} from '@plumb/protocol'
import type { Recording, RunnerPool } from '@plumb/runtime'
import type { LiveAccount } from './live-account.js'
import type { Provenance } from './provenance.js'

/** One recorded run of a function: what it was given, and what it was answered. */
export type RecordedCase = {
  readonly name: string
  readonly recordings: readonly Recording[]
  readonly input: unknown
  readonly metadata: JsonObject
  readonly checkpoint: JsonObject | null
  readonly clock: RunClock
  readonly pointer: Finding['pointer']
}

/** What a person said the interaction may do; a member that is missing was not said. */
export type Declared = {
  /** Statuses outside 2xx that are a normal answer. */
  readonly expectedStatuses?: readonly number[]
  /** Calls that may change the account, per invocation. */
  readonly writes?: number
  /** Ids of the operations the function says it calls; `description` has them. */
  readonly operations?: readonly string[]
  readonly description?: ApiDescription
}

export type OracleInput = {
  readonly compiled: CompiledFunction
  readonly provider: Provider
  readonly connection: Connection
  /** Where the recorded calls went. */
  readonly baseUrl: string
  readonly recorded: RecordedCase
  readonly pool: RunnerPool
  /** Recordings that do not say which host answered stand for any host. */
  readonly anyHost?: boolean
  /** Null when nobody declared anything. */
  readonly declared: Declared | null
  /** The account itself; only some oracles ask it. */
  readonly live?: LiveAccount
  /** Of one run, in milliseconds. */
  readonly deadlineMs: number
  readonly ids: () => string
  readonly signal: AbortSignal
}

export const oracleNames = [
  'mutation',
  'fault-sweep',
  'request-contract',
  'crash-resume',
  'two-identities',
] as const
/** Oracles that ask the account itself. */
export const liveOracleNames = ['held-out', 'read-after-write'] as const
export type OracleName = (typeof oracleNames)[number] | (typeof liveOracleNames)[number]

export type Measurements = {
  /** How often the function was run. */
  readonly runs: number
  /** CPU time of those runs inside the box, in milliseconds. */
  readonly cpuMs: number
}

/** What `recording` compares, the answers left as they are, is what a test of the function compares as well. */
export type OracleResult =
  | {
      readonly oracle: OracleName | 'recording'
      readonly ran: true
      readonly findings: readonly Finding[]
      readonly measurements: Measurements
      /** Of the mutation oracle: where each leaf of the output comes from. */
      readonly provenance?: readonly Provenance[]
    }
  | { readonly oracle: OracleName | 'recording'; readonly ran: false; readonly why: string }

/** A question that is answered by running the function again over changed recordings. */
export type Oracle = {
  readonly name: OracleName
  run(input: OracleInput): Promise<OracleResult>
}
