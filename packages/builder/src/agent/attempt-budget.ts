import type { BudgetKind, TraceEventBody } from '@plumb/protocol'
import { LoopGuard } from './loop-guard.js'

/** What one attempt may use up; a limit that is left out does not bind. */
export type AgentBudget = {
  readonly seconds?: number
  /** Input, output and reasoning tokens; what a provider read from its cache does not count. */
  readonly tokens?: number
  readonly costUsd?: number
  /** How often the same call may be made while nothing changes. */
  readonly repeatedCalls?: number
}

export type Overrun = {
  readonly budget: BudgetKind
  readonly limit: number
  readonly used: number
}

/** Adds up what an attempt uses and says which limit it has passed first. */
export class AttemptBudget {
  readonly #limits: AgentBudget
  readonly #guard = new LoopGuard()
  #tokens = 0
  #costUsd = 0
  #repeated = 0

  constructor(limits: AgentBudget) {
    this.#limits = limits
  }

  take(body: TraceEventBody): void {
    if (body.kind === 'usage') {
      const { input, output, reasoning, cacheWrite } = body.tokens
      this.#tokens += input + output + reasoning + cacheWrite
      this.#costUsd += body.costUsd
    }
    if (body.kind === 'tool-called') this.#repeated = this.#guard.count(body)
  }

  overrun(elapsedSeconds: number): Overrun | null {
    const { seconds, tokens, costUsd, repeatedCalls } = this.#limits
    const lines: readonly [BudgetKind, number | undefined, number][] = [
      ['time', seconds, elapsedSeconds],
      ['tokens', tokens, this.#tokens],
      ['money', costUsd, this.#costUsd],
      ['repeated-calls', repeatedCalls, this.#repeated],
    ]
    for (const [budget, limit, used] of lines)
      if (limit !== undefined && used > limit) return { budget, limit, used }
    return null
  }
}
