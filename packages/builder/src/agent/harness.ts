import type { TokenUsage, TraceEventBody } from '@plumb/protocol'

/** What a harness needs to know of a workspace: where it is, and how its commands are boxed. */
export type HarnessWorkspace = {
  readonly directory: string
  /** Runs `<launcher> -c "<command>"` in the attempt's box; `plumb-files` on its PATH serves the file tools. */
  readonly launcherPath: string
  /** Instructions for the agent, passed as they are and never read from the workspace. */
  readonly guide: string
}

export type HarnessFailure = {
  readonly reason: 'server-died' | 'model-failed' | 'stuck' | 'trace-gap'
  readonly detail: string
  readonly retryable: boolean
}

export type HarnessEvent =
  | { readonly kind: 'trace'; readonly body: TraceEventBody }
  /** Anything that shows the session lives, such as a piece of streamed text. */
  | { readonly kind: 'alive' }
  /** The agent has finished its turn and waits for a prompt. */
  | { readonly kind: 'idle' }
  /** The turn ended, or never will end by itself; a new prompt resumes the session. */
  | ({ readonly kind: 'failed' } & HarnessFailure)

export type SessionUsage = { readonly tokens: TokenUsage; readonly costUsd: number }

export type Session = {
  readonly id: string
  /** Every event of the session in order, from its start; ends with `close()`. May be read once. */
  readonly events: AsyncIterable<HarnessEvent>
  /** Sends a message and returns once it is accepted; also resumes a session after a failure. */
  prompt(text: string): Promise<void>
  /** Stops the turn that is running. */
  abort(): Promise<void>
  usage(): SessionUsage
  /** Where a person can watch the session. */
  readonly attachUrl: string
  close(): Promise<void>
}

export type StartSession = {
  readonly workspace: HarnessWorkspace
  readonly attemptId: string
  /** The first message, sent at once. */
  readonly prompt: string
  /** `provider/model`. */
  readonly model: string
  readonly signal?: AbortSignal
}

/** What runs coding agents. */
export type Harness = {
  readonly name: string
  readonly version: string
  startSession(start: StartSession): Promise<Session>
  /** Keeps a copy of the harness's own database as an artefact. */
  saveDatabase(path: string): Promise<void>
  close(): Promise<void>
}

export const noTokens: TokenUsage = {
  input: 0,
  output: 0,
  reasoning: 0,
  cacheRead: 0,
  cacheWrite: 0,
}
