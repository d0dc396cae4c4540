import type { SandboxBackend } from '../sandbox.js'

export type Box = 'agent box' | 'runner'

/** What on the host an attack tries to reach; none of it is part of any policy. */
export type Target = {
  /** Stands in the environment of the host and of the victim, and in every secret file. */
  readonly secret: string
  readonly hostPid: number
  /** A process of the host, of the same user. */
  readonly victimPid: number
  readonly home: string
  /** A file with the secret, in the workspace of somebody else. */
  readonly siblingFile: string
  readonly workspace: string
  readonly readOnlyFile: string
  /** Read-only as well, and inside the writable workspace. */
  readonly guardedFile: string
  readonly tcpPort: number
  readonly udpPort: number
  readonly unixSocket: string
  readonly abstractSocket: string
}

/**
 * JavaScript that says `escaped(what)` when it got through. It runs in an async function with `fs`, `net` and so on at
 * hand; a thrown error is a refusal.
 */
export type Attack = {
  readonly name: string
  readonly boxes: readonly Box[]
  readonly code: (target: Target) => string
  /** Also run outside of any box, where it has to succeed: what never works proves nothing. */
  readonly control?: true
  /** The box may end the program instead of refusing something. */
  readonly deadly?: true
  /** What a backend cannot stop, and why. */
  readonly exceptions?: Partial<Record<`${SandboxBackend} ${Box}`, string>>
}

export const bothBoxes: readonly Box[] = ['agent box', 'runner']
export const agentBox: readonly Box[] = ['agent box']
export const runnerBox: readonly Box[] = ['runner']

/** A value as JavaScript source. */
export const literal = (value: unknown): string => JSON.stringify(value)
