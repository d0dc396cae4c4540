import type { Finding } from './finding.js'
import type { Outcome } from './verdict.js'

/** What a run came to, for people and programs: the result of `plumb build --json`. */
export type Report = {
  /** Id of the run. */
  readonly run: string
  readonly model: string
  /** `offline model: rules, no LLM` for the offline model, else the model's name. */
  readonly modelLabel: string
  readonly state: 'running' | 'finished' | 'failed'
  /** ISO 8601. */
  readonly startedAt: string
  readonly finishedAt: string | null
  /** In the order of the briefs. */
  readonly interactions: readonly InteractionReport[]
  readonly totals: ReportTotals
  readonly perIntegration: readonly IntegrationReport[]
  /** Folder that the integrations were written to. */
  readonly output: string
}

export type InteractionReport = {
  readonly id: string
  readonly integration: string
  readonly description: string
  /** Null while nothing is decided. */
  readonly outcome: Outcome | null
  /** What the brief says to expect. */
  readonly expected: 'accepted' | 'blocked'
  readonly attempts: number
  /** Of the attempt that decided. */
  readonly findings: readonly Finding[]
  /** All kinds added, over all attempts. */
  readonly tokens: number
  /** In US dollars, over all attempts. */
  readonly cost: number
  /** Over all attempts. */
  readonly seconds: number
  /** Why it was not accepted; null when it was. */
  readonly cause: string | null
  /** What a person can do about it. */
  readonly remedy: string | null
  readonly history: readonly AttemptReport[]
}

export type AttemptReport = {
  readonly id: string
  readonly number: number
  readonly outcome: Outcome | null
  readonly tokens: number
  readonly cost: number
  readonly seconds: number
  readonly receipts: number
  readonly dryRuns: number
  readonly findings: readonly Finding[]
  /** The earliest premise that failed, as one sentence; null when there was none. */
  readonly divergence: string | null
  readonly timeline: readonly TimelineEntry[]
}

/** One step of an attempt. */
export type TimelineEntry = {
  /** Number of the trace event. */
  readonly sequence: number
  /** Since the attempt began. */
  readonly seconds: number
  readonly text: string
  readonly state: 'ok' | 'failed' | 'note'
  readonly divergence: boolean
}

export type OutcomeCounts = {
  readonly accepted: number
  readonly rejected: number
  readonly blocked: number
  readonly exhausted: number
  readonly undecided: number
}

type Usage = {
  readonly tokens: number
  readonly cost: number
  readonly seconds: number
}

export type ReportTotals = OutcomeCounts &
  Usage & {
    readonly interactions: number
    readonly attempts: number
    /** Interactions that ended as their brief expects. */
    readonly asExpected: number
  }

export type IntegrationReport = OutcomeCounts & Usage & { readonly integration: string }
