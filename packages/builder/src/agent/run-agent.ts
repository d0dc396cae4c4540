import { setTimeout as delay } from 'node:timers/promises'
import type { BudgetKind, TraceEventBody } from '@plumb/protocol'
import { AttemptBudget } from './attempt-budget.js'
import type { AgentBudget } from './attempt-budget.js'

export type { AgentBudget } from './attempt-budget.js'
import type { Harness, HarnessEvent, HarnessWorkspace, Session, SessionUsage } from './harness.js'
import { goOnPrompt, reminderPrompt } from './prompts.js'

/** How the tool's side says that the attempt has reached its end. */
export type AttemptOver = { readonly kind: 'submitted' | 'blocked' }

export type AgentEnding<Over extends AttemptOver> =
  | Over
  /** The agent stopped, was reminded once, and stopped again without handing anything in (G1). */
  | { readonly kind: 'gave-up'; readonly lastMessage: string }
  | {
      readonly kind: 'exhausted'
      readonly budget: BudgetKind
      readonly limit: number
      readonly used: number
    }
  /** Not the agent's fault: the attempt does not count. */
  | { readonly kind: 'harness-failed'; readonly reason: string; readonly detail: string }

export type AgentOutcome<Over extends AttemptOver = AttemptOver> = AgentEnding<Over> & {
  readonly usage: SessionUsage
}

export type RunAgentOptions<Over extends AttemptOver> = {
  readonly harness: Harness
  readonly workspace: HarnessWorkspace
  readonly attemptId: string
  readonly prompt: string
  /** `provider/model`. */
  readonly model: string
  readonly budget: AgentBudget
  /** Asked after every tool call and at every pause. */
  readonly isOver: () => Over | null
  /** Told of everything, in order; the next event waits for it. */
  readonly onEvent: (body: TraceEventBody) => void | Promise<void>
  readonly signal: AbortSignal
  /** How often a failure of the harness is tried again; default 3. */
  readonly harnessRetries?: number
  /** Milliseconds before the first such try, doubled for each further one; default 2000. */
  readonly retryDelayMs?: number
  /** Seconds without any sign of life until the session counts as stuck; default 300. */
  readonly silenceSeconds?: number
  /** Milliseconds. */
  readonly now?: () => number
}

type Step =
  | HarnessEvent
  | { readonly kind: 'silent' }
  | { readonly kind: 'late' }
  | { readonly kind: 'ended' }

type Pause = Exclude<Step, { kind: 'trace' | 'alive' }>

type Failure = { readonly reason: string; readonly detail: string; readonly retryable: boolean }

/**
 * The turns of one attempt.
 *
 * working --idle--> reminded --idle--> gave-up ; working --failed--> waiting --prompt--> working, or harness-failed ;
 * from anywhere: over (submitted, blocked), exhausted.
 */
class AgentRun<Over extends AttemptOver> {
  readonly #options: RunAgentOptions<Over>
  readonly #session: Session
  readonly #events: AsyncIterator<HarnessEvent>
  readonly #budget: AttemptBudget
  readonly #startedAt: number
  #next: Promise<Step> | null = null
  #reminded = false
  #failures = 0
  #lastMessage = ''
  /** Until the new prompt shows up, a pause is still that of the turn that failed. */
  #resuming = false
  /** Rejects when the attempt is cancelled; made once, because a listener per step would add up. */
  readonly #aborted: Promise<never>

  constructor(options: RunAgentOptions<Over>, session: Session) {
    this.#options = options
    this.#session = session
    this.#events = session.events[Symbol.asyncIterator]()
    this.#budget = new AttemptBudget(options.budget)
    this.#startedAt = this.#now()
    this.#aborted = rejectionOf(options.signal)
  }

  async run(): Promise<AgentEnding<Over>> {
    for (;;) {
      const ending = await this.#handle(await this.#step())
      if (ending !== null) return ending
    }
  }

  #now(): number {
    return (this.#options.now ?? Date.now)()
  }

  /** The next event, or the moment in which the time budget or the patience is used up. */
  async #step(): Promise<Step> {
    const { budget, signal, silenceSeconds = 300 } = this.#options
    signal.throwIfAborted()
    this.#next ??= this.#events
      .next()
      .then(({ done, value }): Step => (done === true ? { kind: 'ended' } : value))
    const silenceMs = silenceSeconds * 1_000
    const leftMs = (budget.seconds ?? Infinity) * 1_000 - (this.#now() - this.#startedAt)
    let timer: NodeJS.Timeout | undefined
    const pause = new Promise<Step>((resolve) => {
      const kind = leftMs <= silenceMs ? 'late' : 'silent'
      timer = setTimeout(() => resolve({ kind }), Math.max(Math.min(silenceMs, leftMs), 1))
    })
    try {
      const step = await Promise.race([this.#next, pause, this.#aborted])
      // An event that comes while nobody waits is kept for the next step.
      if (step.kind !== 'late' && step.kind !== 'silent') this.#next = null
      return step
    } finally {
      clearTimeout(timer)
    }
  }

  async #handle(step: Step): Promise<AgentEnding<Over> | null> {
    if (step.kind === 'trace') return this.#trace(step.body)
    if (step.kind === 'alive') return null
    return this.#options.isOver() ?? this.#paused(step)
  }

  /** Nothing more comes by itself. */
  async #paused(step: Pause): Promise<AgentEnding<Over> | null> {
    switch (step.kind) {
      case 'idle':
        return this.#resuming ? null : this.#idle()
      case 'failed':
        return this.#failed(step)
      case 'late':
        return this.#exhausted()
      case 'silent':
        await this.#session.abort()
        return this.#failed({ reason: 'stuck', detail: 'No sign of life.', retryable: true })
      case 'ended':
        return this.#failed({ reason: 'ended', detail: 'The session ended.', retryable: false })
    }
  }

  async #trace(body: TraceEventBody): Promise<AgentEnding<Over> | null> {
    await this.#options.onEvent(body)
    this.#budget.take(body)
    if (body.kind === 'message') this.#resuming = false
    if (body.kind === 'message' && body.role === 'assistant') this.#lastMessage = body.text
    const over = body.kind === 'tool-called' ? this.#options.isOver() : null
    return over ?? this.#exhausted()
  }

  async #exhausted(): Promise<AgentEnding<Over> | null> {
    const overrun = this.#budget.overrun((this.#now() - this.#startedAt) / 1_000)
    if (overrun === null) return null
    await this.#options.onEvent({ kind: 'budget-exceeded', ...overrun })
    return { kind: 'exhausted', ...overrun }
  }

  async #idle(): Promise<AgentEnding<Over> | null> {
    if (this.#reminded) return { kind: 'gave-up', lastMessage: this.#lastMessage }
    this.#reminded = true
    return this.#prompt(reminderPrompt)
  }

  async #prompt(text: string): Promise<AgentEnding<Over> | null> {
    try {
      await this.#session.prompt(text)
      return null
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      return this.#failed({ reason: 'prompt-refused', detail, retryable: true })
    }
  }

  async #failed({ reason, detail, retryable }: Failure): Promise<AgentEnding<Over> | null> {
    const { harnessRetries = 3, retryDelayMs = 2_000, signal, onEvent } = this.#options
    const willRetry = retryable && this.#failures < harnessRetries
    await onEvent({ kind: 'harness-failed', reason, detail, willRetry })
    if (!willRetry) return { kind: 'harness-failed', reason, detail }
    await delay(retryDelayMs * 2 ** this.#failures, null, { signal })
    this.#failures += 1
    this.#resuming = true
    return this.#prompt(goOnPrompt)
  }
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  const rejection = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  rejection.catch(() => null)
  return rejection
}

/**
 * Runs one attempt to its end: submitted, blocked, given up, exhausted, or failed for a reason that is not the agent's.
 * Rejects with the signal's reason when it is aborted, and with the PlumbError of the harness when no session starts.
 */
export async function runAgent<Over extends AttemptOver>(
  options: RunAgentOptions<Over>,
): Promise<AgentOutcome<Over>> {
  const { harness, workspace, attemptId, prompt, model, signal, onEvent } = options
  const session = await harness.startSession({ workspace, attemptId, prompt, model, signal })
  try {
    const ending = await new AgentRun(options, session).run()
    await onEvent({ kind: 'session-finished', reason: ending.kind })
    return { ...ending, usage: session.usage() }
  } finally {
    await session.close()
  }
}
