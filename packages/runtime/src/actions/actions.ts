import type { ErrorCode, FunctionError, KillReason } from '@plumb/protocol'

export type ActionOrder = {
  readonly environment: string
  readonly integrationKey: string
  readonly connectionId: string
  readonly action: string
  readonly input: unknown
  /** The same key with the same input is answered once; with another input it is refused. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

export type QueuedActionOrder = Omit<ActionOrder, 'signal'> & {
  /** How often to try again after a failure that may pass. Default 0. */
  readonly maxRetries?: number
}

/** How one action ended. */
export type ActionOutcome =
  | { readonly kind: 'returned'; readonly output: unknown; readonly operationId: string }
  | {
      readonly kind: 'failed'
      /** `killed` by us, or what the function threw. */
      readonly reason: FunctionError['type'] | KillReason
      readonly code: ErrorCode
      readonly message: string
      readonly remedy: string
      /** An ActionError's payload, the validation issues, or the provider's answer. */
      readonly payload: unknown
      /** The provider's, for a provider error. */
      readonly status: number | null
      readonly operationId: string
    }

export type QueuedAction =
  | { readonly state: 'queued' | 'running' }
  | { readonly state: 'done'; readonly outcome: ActionOutcome }

export type Actions = {
  /**
   * Runs an action to its end. Throws PlumbErrors: `connection-unknown`, `function-not-found`, and for its
   * idempotency key `idempotency-conflict` (another input) or `cancelled`.
   */
  run(order: ActionOrder): Promise<ActionOutcome>
  /** Takes an action to be run later; it survives the death of this process. */
  enqueue(order: QueuedActionOrder): Promise<{ readonly id: string }>
  /** Null when there is no such action in the environment. */
  get(o: { readonly environment: string; readonly id: string }): Promise<QueuedAction | null>
  close(): Promise<void>
}
