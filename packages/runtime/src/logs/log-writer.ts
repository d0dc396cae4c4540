import type { Json } from '@plumb/protocol'

export type OperationKind = 'action' | 'sync' | 'proxy' | 'auth' | 'on-event' | 'deploy'
export type OperationState = 'success' | 'failed' | 'cancelled' | 'paused'
export type MessageLevel = 'debug' | 'info' | 'warn' | 'error'

export type NewOperation = {
  readonly environment: string
  readonly kind: OperationKind
  readonly integrationKey: string | null
  readonly connectionId: string | null
  /** Of the function; null where there is none. */
  readonly name: string | null
}

/** Where operations are told of. Writing is buffered: nothing here waits for the database, or fails a call. */
export type LogWriter = {
  start(operation: NewOperation): OperationLog
  /** Resolves when everything that was told before is stored, or was given up. */
  flush(): Promise<void>
  /** Stores what is left; what is told later is dropped. */
  close(): Promise<void>
}

/** What one operation did, message by message. Secrets are removed from texts and details. */
export type OperationLog = {
  readonly id: string
  message(message: {
    readonly level: MessageLevel
    readonly text: string
    readonly details?: Json
  }): void
  /** Values that no message of this operation may hold, also not those that were told before. */
  conceal(secrets: readonly string[]): void
  /** The first call counts. */
  finish(ending: {
    readonly state: OperationState
    readonly error?: { readonly code: string; readonly message: string; readonly remedy: string }
  }): void
}

/** The level that a function's word for one means. */
export function levelOf(word: string): MessageLevel {
  return levels.find((level) => level === word) ?? 'info'
}

const levels: readonly MessageLevel[] = ['debug', 'info', 'warn', 'error']
