import type { SandboxLauncher } from '@plumb/runtime'
import type { Canary } from '../reading/canary.js'

export type ProtectedFile = {
  /** Relative to the workspace's directory. */
  readonly path: string
  readonly sha256: string
}

/** A package whose types the agent may read: a link in the workspace, and what the box needs to follow it. */
export type LinkedPackage = {
  readonly name: string
  readonly directory: string
  readonly visible: readonly string[]
}

/** The sealed folder in which one attempt happens, with what belongs to it but lies outside of it. */
export type Workspace = {
  readonly attemptId: string
  /** Absolute, links resolved; the box sees it under the same path. */
  readonly directory: string
  /** Programs of the box, read-only inside: `plumb`, `plumb-files`. */
  readonly programs: string
  readonly socketPath: string
  readonly launcherPath: string
  readonly launcher: SandboxLauncher
  /** The text of AGENTS.md as it was written, for the harness to pass on. */
  readonly guide: string
  /** Prefix of the names of test data, such as `plumb-1a2b3c`. */
  readonly namespace: string
  readonly protectedFiles: readonly ProtectedFile[]
  readonly packages: readonly LinkedPackage[]
  /** The credential in the box that opens nothing. */
  readonly canary?: Canary
  /** Ends every process of the box and deletes the workspace. */
  close(): Promise<void>
}
