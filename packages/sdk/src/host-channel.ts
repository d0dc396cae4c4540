import type { RunContext } from '@plumb/protocol'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** The function's only way out of its box: calls that the host answers, and log lines. */
export type HostChannel = {
  readonly context: RunContext
  /** Rejects with PlumbError when the host refuses. */
  call(method: string, args: unknown): Promise<unknown>
  log(level: LogLevel, message: string): void
}
