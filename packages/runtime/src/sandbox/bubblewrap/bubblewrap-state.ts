import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readBaseRoot } from '../base-root.js'
import type { SandboxPolicy } from '../sandbox.js'
import { boxRules } from '../seccomp/seccomp-rules.js'
import type { FilterArchitecture } from '../seccomp/seccomp-filter.js'
import { buildSeccompFilter } from '../seccomp/seccomp-filter.js'
import { boxUser, bubblewrapArguments } from './bubblewrap-arguments.js'

const passwd = `box:x:${boxUser}:${boxUser}:box:/tmp:/bin/bash\n`
const group = `box:x:${boxUser}:\n`

/** The files that one box, or every box of one launcher, is made from. */
export type BubblewrapState = {
  /** Options separated and ended by NUL, for `--args`. */
  readonly options: Buffer
  readonly filterPath: string
}

/** Writes a box's own passwd, group and system call filter into `folder`, readable by this user only. */
export function writeBubblewrapState(
  folder: string,
  policy: SandboxPolicy,
  architecture: FilterArchitecture,
): BubblewrapState {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const files = { passwd: join(folder, 'passwd'), group: join(folder, 'group') }
  writeOnce(files.passwd, passwd)
  writeOnce(files.group, group)
  const filterPath = join(folder, policy.strict === true ? 'strict.bpf' : 'box.bpf')
  writeOnce(filterPath, buildSeccompFilter(boxRules(policy.strict === true), architecture))
  const words = bubblewrapArguments(policy, readBaseRoot(process.execPath), files)
  return { options: Buffer.from(words.map((word) => `${word}\0`).join('')), filterPath }
}

/** Boxes share these files, and one may be starting now: it sees a whole file or none. */
function writeOnce(path: string, content: string | Uint8Array): void {
  if (existsSync(path)) return
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, content)
  renameSync(unfinished, path)
}
