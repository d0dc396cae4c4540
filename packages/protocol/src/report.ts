import type { Finding } from './finding.js'
import type { Waiver } from './waiver.js'
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
  /** What most attempts lost time on comes first. */
  readonly rootCauses: readonly RootCauseGroup[]
  /** What was asked for most comes first. */
  readonly wishes: readonly UnmetWish[]
  /** Findings that a person decided not to reject for, and how many per model that wrote the function. */
  readonly waivers: readonly Waiver[]
  readonly waiversByModel: Readonly<Record<string, number>>
  /** What attempts made in test accounts and nothing has deleted. */
  readonly left: readonly LeftResource[]
  /** Folder that the integrations were written to. */
  readonly output: string
}

/** Something in a test account that an attempt made. */
export type LeftResource = {
  readonly integration: string
  /** Id of the interaction. */
  readonly interaction: string
  /** Id of the attempt. */
  readonly attempt: string
  readonly url: string
  /** Of the call that made it. */
  readonly receiptId: string
  /** ISO 8601. */
  readonly createdAt: string
}

/** A finding as it is shown. */
export type ReportedFinding = Finding & {
  /** `fnd_` and 16 hexadecimal digits. */
  readonly id: string
  readonly waiver: Waiver | null
}

/** What an agent said that it had reached, and whether the verdict bears that out. */
export type AttemptClaim = { readonly claim: 'done' | 'blocked'; readonly borneOut: boolean }

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
  readonly findings: readonly ReportedFinding[]
  /** Over all attempts. */
  readonly waivers: number
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
  readonly findings: readonly ReportedFinding[]
  /** Null when the agent claimed nothing. */
  readonly claim: AttemptClaim | null
  /** The earliest premise that failed, as one sentence; null when there was none. */
  readonly divergence: string | null
  /** The same with its evidence and what it cost. */
  readonly rootCause: RootCause | null
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
    readonly waivers: number
    /** Attempts that ended with a claim, and those whose claim the verdict bears out. */
    readonly claims: number
    readonly honestClaims: number
  }

export type IntegrationReport = OutcomeCounts & Usage & { readonly integration: string }

export type RootCauseKind =
  | 'invented-command'
  | 'invented-operation'
  | 'rejected-parameter'
  | 'misread-error'
  | 'repeated-failure'
  | 'scaffold-defect'
  | 'paging-assumption'
  | 'guessed-id'
  | 'refused-tool'

/** The earliest premise of an attempt that later steps contradict. */
export type Divergence = {
  readonly kind: RootCauseKind
  /** What attempts with the same root cause have in common, such as `plumb record` or `GET /contacts: perPage`. */
  readonly subject: string
  /** The trace event where the premise first failed. */
  readonly sequence: number
  /** What was believed and is not so, as one sentence. */
  readonly premise: string
  /** Later events that failed for the same reason. */
  readonly consequences: readonly number[]
  /** Ids of the receipts that prove it. */
  readonly receipts: readonly string[]
  /** The later step that shows that it is not so; null where the failing step itself is all there is. */
  readonly contradiction: { readonly sequence: number; readonly text: string } | null
}

/** A divergence with what it cost: from the step where it failed to the one that left it, or to the end. */
export type RootCause = Divergence & { readonly seconds: number; readonly tokens: number }

/** The attempts of a run that went wrong for one reason. */
export type RootCauseGroup = Pick<RootCause, 'kind' | 'subject' | 'seconds' | 'tokens'> & {
  /** `an operation that the API does not have`. */
  readonly title: string
  /** The premise as the first of the attempts had it. */
  readonly premise: string
  readonly attempts: readonly RootCauseAttempt[]
}

export type RootCauseAttempt = {
  readonly id: string
  readonly interaction: string
  readonly outcome: Outcome | null
  readonly sequence: number
}

/** Something that agents asked their tools for and did not get. */
export type UnmetWish = {
  readonly kind: 'verb' | 'option' | 'program'
  /** `plumb record`, `plumb dryrun --watch`, `jq`. */
  readonly asked: string
  /** The nearest thing that there is, as the tool answered it. */
  readonly nearest: string | null
  readonly count: number
  /** Ids of the attempts. */
  readonly attempts: readonly string[]
}
