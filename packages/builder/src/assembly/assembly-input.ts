import type {
  ApiDescription,
  CompiledFunction,
  Connection,
  Execution,
  Finding,
  Fixture,
  Interaction,
  Provider,
  Receipt,
  ReportedFinding,
  Submission,
} from '@plumb/protocol'
import type { RunnerPool, Sandbox } from '@plumb/runtime'

/** An accepted attempt with what its proof rests on. */
export type AcceptedFunction = {
  readonly interaction: Interaction
  readonly submission: Submission
  /** The dry run that shows most of the function. */
  readonly execution: Execution
  /** Where its calls went. */
  readonly baseUrl: string
  /** Of that dry run. */
  readonly receipts: readonly Receipt[]
  readonly model: string
  readonly tokens: number
  readonly costUsd: number
  /** Of the verdict, with ids; those that reject are waived. */
  readonly findings: readonly ReportedFinding[]
  /** Names of the checks that were asked. */
  readonly checks: readonly string[]
}

export type AssemblyInput = {
  readonly integration: string
  readonly provider: Provider
  readonly connection: Connection
  readonly description: ApiDescription
  readonly accepted: readonly AcceptedFunction[]
  /** Folder that gets `integrations/<integration>/`. */
  readonly outputDirectory: string
  readonly runId: string
  /** Secret of the pseudonyms in fixtures. */
  readonly salt: string
  readonly sandbox: Sandbox
  readonly pool: RunnerPool
  /** For each replay, in milliseconds. */
  readonly deadlineMs: number
  readonly ids: () => string
  readonly signal: AbortSignal
  /** True replaces functions that a person has written or changed. */
  readonly overwrite?: boolean
}

/** A member that has passed all checks again, ready to be written. */
export type Member = AcceptedFunction & {
  readonly compiled: CompiledFunction
  readonly source: string
  /** The recording of its execution, with pseudonyms in place of what is about people. */
  readonly fixture: Fixture
  /** `actions/create-issue.ts`. */
  readonly path: string
}

export type AssemblyResult =
  | {
      readonly kind: 'assembled'
      readonly directory: string
      /** Relative to the directory. */
      readonly files: readonly string[]
      /** Null when the output is not in a git repository, or ignored by it. */
      readonly commit: { readonly branch: string; readonly id: string } | null
    }
  /** Nothing was written: these members do not hold together with the others. */
  | { readonly kind: 'rejected'; readonly findings: readonly MemberFinding[] }
  /** Nothing was written: these files are not ours to replace. */
  | { readonly kind: 'conflict'; readonly paths: readonly string[]; readonly remedy: string }

export type MemberFinding = Finding & { readonly interactionId: string | null }
