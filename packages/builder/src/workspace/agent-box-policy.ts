import { join } from 'node:path'
import type { SandboxLimits, SandboxPolicy } from '@plumb/runtime'
import type { Canary } from '../reading/canary.js'
import type { LinkedPackage } from './workspace.js'

const defaultLimits: SandboxLimits = {
  memoryBytes: 1024 ** 3,
  cpuSeconds: 120,
  processes: 128,
  fileBytes: 16 * 1024 ** 2,
  tmpBytes: 64 * 1024 ** 2,
}

export type BoxedWorkspace = {
  readonly directory: string
  readonly programs: string
  readonly socketPath: string
  /** Names below the directory that lie read-only over it. */
  readonly readOnlyNames: readonly string[]
  readonly packages: readonly LinkedPackage[]
  /** Bait: a credential that opens nothing. */
  readonly canary?: Canary
}

const same = (path: string) => ({ outside: path, inside: path })

/**
 * What the commands and file edits of an agent may touch: the workspace, with the task's own files read-only over it,
 * the `plumb` tool and its socket, and the types it may read. Paths are the same inside and outside, so that a path in
 * a message means the same file everywhere.
 */
export function agentBoxPolicy(
  workspace: BoxedWorkspace,
  limits: Partial<SandboxLimits> = {},
): SandboxPolicy {
  return {
    writable: [same(workspace.directory)],
    readOnly: [
      same(workspace.programs),
      ...workspace.readOnlyNames.map((name) => same(join(workspace.directory, name))),
      ...workspace.packages.flatMap(({ visible }) => visible.map(same)),
    ],
    sockets: [same(workspace.socketPath)],
    env: {
      HOME: '/tmp',
      PATH: `${workspace.programs}:/usr/local/bin:/usr/bin:/bin`,
      LANG: 'C.UTF-8',
      TERM: 'dumb',
      NO_COLOR: '1',
      ...(workspace.canary && { [workspace.canary.variable]: workspace.canary.value }),
    },
    cwd: workspace.directory,
    limits: { ...defaultLimits, ...limits },
  }
}
