import type { Brief, Interaction } from './brief.js'
import type { Outcome, Verdict } from './verdict.js'
import type { TokenUsage } from './trace-event.js'

/** One execution of one or more briefs. */
export type Run = {
  readonly id: string
  /** SHA-256 over briefs, model and options: the same command finds its unfinished run again. */
  readonly fingerprint: string
  readonly model: string
  readonly briefs: readonly Brief[]
  readonly state: 'running' | 'finished' | 'failed'
  readonly outputPath: string
  readonly startedAt: string
  readonly finishedAt: string | null
}

/** One interaction of a run. `key` is `<integrationKey>/<interaction id>`. */
export type RunInteraction = {
  readonly runId: string
  readonly key: string
  readonly integrationKey: string
  readonly interaction: Interaction
  readonly outcome: Outcome | null
  /** The attempt that decided the outcome. */
  readonly attemptId: string | null
}

/** One agent session on one interaction, from scratch. */
export type Attempt = {
  readonly id: string
  readonly runId: string
  readonly interactionKey: string
  /** From 1. */
  readonly number: number
  readonly model: string
  readonly verdict: Verdict | null
  readonly tokens: TokenUsage
  readonly costUsd: number
  readonly startedAt: string
  readonly finishedAt: string | null
  /** Kept files: the harness's own database, the exported submission. */
  readonly artefacts: readonly Artefact[]
}

export type Artefact = { readonly kind: string; readonly path: string; readonly sha256: string }
