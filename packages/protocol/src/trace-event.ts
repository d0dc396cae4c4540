export type TokenUsage = {
  readonly input: number
  readonly output: number
  readonly reasoning: number
  readonly cacheRead: number
  readonly cacheWrite: number
}

export type BudgetKind = 'time' | 'tokens' | 'money' | 'repeated-calls'

/** What happened in an attempt, in order. Appended live, never edited. */
export type TraceEventBody =
  | {
      readonly kind: 'session-started'
      readonly harness: string
      readonly model: string
      readonly sessionId: string
    }
  | { readonly kind: 'message'; readonly role: 'user' | 'assistant'; readonly text: string }
  | {
      readonly kind: 'tool-called'
      readonly callId: string
      readonly tool: string
      readonly input: unknown
      readonly output: string
      /** Exit code of a shell command; null for other tools and for a command that was killed. */
      readonly exitCode: number | null
      readonly status: 'completed' | 'error'
      readonly durationMs: number
    }
  | { readonly kind: 'usage'; readonly tokens: TokenUsage; readonly costUsd: number }
  /** Written by the gateway's side of the box, not by the harness: what the `plumb` tool was asked. */
  | {
      readonly kind: 'plumb-called'
      readonly verb: string
      readonly args: readonly string[]
      readonly known: boolean
      readonly exitCode: number
      readonly durationMs: number
      /** Short form of the answer. */
      readonly summary: string
    }
  | { readonly kind: 'submitted'; readonly submissionHash: string }
  | { readonly kind: 'access-lost'; readonly cause: string; readonly receiptIds: readonly string[] }
  | {
      readonly kind: 'harness-failed'
      readonly reason: string
      readonly detail: string
      readonly willRetry: boolean
    }
  | {
      readonly kind: 'budget-exceeded'
      readonly budget: BudgetKind
      readonly limit: number
      readonly used: number
    }
  | { readonly kind: 'session-finished'; readonly reason: string }

export type TraceEvent = {
  readonly attemptId: string
  /** From 1, without gaps, given by the store. */
  readonly sequence: number
  readonly at: string
} & TraceEventBody
