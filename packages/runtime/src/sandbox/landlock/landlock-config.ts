import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readBaseRoot } from '../base-root.js'
import { defaultPath } from '../default-path.js'
import type { SandboxPolicy } from '../sandbox.js'
import { buildSeccompFilter } from '../seccomp/seccomp-filter.js'
import type { FilterArchitecture } from '../seccomp/seccomp-filter.js'
import { boxRules, landlockRules, olderLandlockRules } from '../seccomp/seccomp-rules.js'
import type { BoxConfig } from './box-config.js'
import { landlockPaths } from './landlock-rules.js'

const RLIMIT_CPU = 0
const RLIMIT_FSIZE = 1
const RLIMIT_DATA = 2
const RLIMIT_CORE = 4
const RLIMIT_MSGQUEUE = 12
const abiWithScopes = 6

export type LandlockKernel = { readonly architecture: FilterArchitecture; readonly abi: number }

export type BoxPlace = {
  /** The box's own folder, outside of it; its temporary files lie beneath. */
  readonly folder: string
  /** Value of the limit by which the processes of this box are told from all others. */
  readonly mark: number
  readonly membersFile: string | null
  readonly command: readonly string[]
  readonly lastDescriptor: number
}

function filterFor(policy: SandboxPolicy, kernel: LandlockKernel): string {
  const rules = [
    ...boxRules(policy.strict === true),
    ...landlockRules,
    ...(kernel.abi >= abiWithScopes ? [] : olderLandlockRules),
  ]
  return buildSeccompFilter(rules, kernel.architecture).toString('base64')
}

function makeTemporary(policy: SandboxPolicy, place: BoxPlace): string | null {
  if (policy.limits.tmpBytes === 0) return null
  const path = join(place.folder, 'tmp')
  mkdirSync(path, { recursive: true, mode: 0o700 })
  return path
}

/** There is no /tmp of its own in this box, so whatever points to /tmp points to the folder that stands for it. */
function environment(policy: SandboxPolicy, temporary: string | null): Record<string, string> {
  // Without a level, bash takes a socket on stdin for a remote login and complains about settings it cannot read.
  const env = { PATH: defaultPath, SHLVL: '1', ...policy.env }
  if (temporary === null) return env
  const moved = Object.entries(env).map(([name, value]) => [
    name,
    value === '/tmp' ? temporary : value,
  ])
  return { TMPDIR: temporary, ...(Object.fromEntries(moved) as Record<string, string>) }
}

/** The policy as `landlock-exec` understands it. */
export function landlockConfig(
  policy: SandboxPolicy,
  kernel: LandlockKernel,
  place: BoxPlace,
): BoxConfig {
  const { cpuSeconds, fileBytes, memoryBytes, processes } = policy.limits
  const temporary = makeTemporary(policy, place)
  return {
    rules: landlockPaths(policy, readBaseRoot(process.execPath), temporary),
    limits: [
      [RLIMIT_CPU, Math.max(1, Math.ceil(cpuSeconds))],
      [RLIMIT_FSIZE, Math.floor(fileBytes)],
      [RLIMIT_DATA, Math.floor(memoryBytes)],
      [RLIMIT_CORE, 0],
      [RLIMIT_MSGQUEUE, place.mark],
    ],
    processes,
    filter: filterFor(policy, kernel),
    env: environment(policy, temporary),
    cwd: policy.cwd,
    command: place.command,
    lastDescriptor: place.lastDescriptor,
    membersFile: place.membersFile,
    abi: kernel.abi,
  }
}
