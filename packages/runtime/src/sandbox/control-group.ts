import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { isAlive, untilNone } from './process-table.js'

/** Bounds the number of processes of a box by the kernel's `pids` controller. */
export type ControlGroup = {
  /** Writing 0 to this file moves the writing process into the group. */
  readonly membersFile: string
  /** Waits until the last process has left, then removes the group. */
  remove(): Promise<void>
}

const mountPoint = '/sys/fs/cgroup'

/** `/proc/self/cgroup` lines are `hierarchy:controllers:path`. */
function ownPath(lines: string, controller: string): string | undefined {
  return lines
    .split('\n')
    .map((line) => line.split(':'))
    .find(([, controllers]) => controllers?.split(',').includes(controller))
    ?.slice(2)
    .join(':')
}

function versionOneParent(lines: string): string | null {
  const path = ownPath(lines, 'pids')
  return path === undefined ? null : join(mountPoint, 'pids', path)
}

/** In version 2 a group with processes has no limited children, so a box becomes a sibling of this process's group. */
function versionTwoParent(lines: string): string | null {
  const path = ownPath(lines, '')
  if (path === undefined || !existsSync(join(mountPoint, 'cgroup.controllers'))) return null
  const parent = join(mountPoint, dirname(path))
  const controllers = readFileSync(join(parent, 'cgroup.subtree_control'), 'utf8')
  return controllers.split(/\s+/).includes('pids') ? parent : null
}

/** The folder in which groups can be made, or null where this user or machine has none. */
export function findControlGroupParent(): string | null {
  try {
    const lines = readFileSync('/proc/self/cgroup', 'utf8')
    const parent = versionOneParent(lines) ?? versionTwoParent(lines)
    if (parent === null) return null
    accessSync(parent, constants.W_OK)
    removeAbandoned(parent)
    return parent
  } catch {
    return null
  }
}

/** Makes a group of at most `processes` processes and threads; null where groups cannot be made. */
export function createControlGroup(
  parent: string | null,
  name: string,
  processes: number,
): ControlGroup | null {
  if (parent === null) return null
  const folder = join(parent, `plumb-${process.pid}-${name}`)
  try {
    mkdirSync(folder)
    writeFileSync(join(folder, 'pids.max'), String(processes))
  } catch {
    tryRemove(folder)
    return null
  }
  return {
    membersFile: join(folder, 'cgroup.procs'),
    remove: () => untilNone(() => (tryRemove(folder) ? 0 : 1)),
  }
}

/** False while the group still holds a process, if only a dying one. */
function tryRemove(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch {
    return !existsSync(folder)
  }
}

/** Groups carry the pid of the process that made them; one that was killed could not remove its own. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const maker = /^plumb-(\d+)-/.exec(name)?.[1]
    if (maker !== undefined && !isAlive(Number(maker))) tryRemove(join(parent, name))
  }
}
