import type { Duplex, Readable, Writable } from 'node:stream'

export type SandboxBackend = 'bubblewrap' | 'landlock' | 'seatbelt'

/** A file or folder of the host and where the box sees it; both absolute. */
export type Mount = { readonly outside: string; readonly inside: string }

export type SandboxLimits = {
  /** Private memory of one process, in bytes (RLIMIT_DATA: heap, Buffers and WebAssembly alike). */
  readonly memoryBytes: number
  /** CPU time of one process, in seconds. */
  readonly cpuSeconds: number
  /** Processes and threads in the box at once; one Node.js process takes about 11. */
  readonly processes: number
  /** Size of one written file, in bytes. */
  readonly fileBytes: number
  /** Size of /tmp and of /dev/shm, in bytes; 0 means the box has neither. */
  readonly tmpBytes: number
}

/** What one box may see and use. There is no network in any box. */
export type SandboxPolicy = {
  readonly readOnly: readonly Mount[]
  readonly writable: readonly Mount[]
  /** The whole environment inside; nothing is inherited. PATH has a default. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Unix sockets of the host that the box may connect to. */
  readonly sockets: readonly Mount[]
  readonly limits: SandboxLimits
  /** For a program that needs neither child processes nor sockets of its own nor memory files. */
  readonly strict?: boolean
}

export type SandboxStdio = 'pipe' | 'ignore'

export type SpawnOptions = {
  /** stdin, stdout, stderr; by default stdin is ignored and the others are pipes. */
  readonly stdio?: readonly [SandboxStdio, SandboxStdio, SandboxStdio]
  /** Aborting ends the whole box. */
  readonly signal?: AbortSignal
}

export type SandboxExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type SandboxedProcess = {
  readonly pid: number
  /** The duplex stream that the program finds as file descriptor 3. */
  readonly channel: Duplex
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves once the program has ended and nothing of its box is left; never rejects. */
  readonly exited: Promise<SandboxExit>
  /** Ends every process of the box at once. */
  kill(): void
}

/** Handle on the boxes that a launcher file starts. */
export type SandboxLauncher = {
  readonly path: string
  /** Ends every process of every box that the launcher has started; it can start more. */
  kill(): void
  /** Ends them, waits until none is left, and makes the launcher unusable. */
  close(): Promise<void>
}

export type Sandbox = {
  readonly backend: SandboxBackend
  /** Starts a program in a box of its own; throws PlumbError 'sandbox-failed' for a policy the backend cannot honour. */
  spawn(policy: SandboxPolicy, command: readonly string[], options?: SpawnOptions): SandboxedProcess
  /**
   * Writes an executable that takes the arguments of `/bin/bash` and runs it in a box, with its own stdin, stdout and
   * exit code; its parameters lie beside it in `<path>.box/`. Exit code 126 means the box could not be made.
   */
  writeLauncher(policy: SandboxPolicy, path: string): Promise<SandboxLauncher>
  /** Ends every box that this sandbox has started, closes its launchers, and removes its own files. */
  close(): Promise<void>
}

export type SandboxAvailability = {
  readonly backend: SandboxBackend
  readonly available: boolean
  /** Why it can or cannot be used here. */
  readonly reason: string
  /** The command or setting that makes it available; empty when it is, or never can be. */
  readonly remedy: string
}
