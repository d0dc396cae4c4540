import { closeSync, constants, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { BoxConfig } from './box-config.js'
import { cString, pointerArray } from './kernel.js'
import type { Kernel } from './kernel.js'
import { accessOfAbi, scopesOfAbi } from './landlock-access.js'

const PR_SET_PDEATHSIG = 1
const PR_SET_SECCOMP = 22
const PR_CAPBSET_DROP = 24
const PR_SET_NO_NEW_PRIVS = 38
const SECCOMP_MODE_FILTER = 2
const CLOSE_RANGE_CLOEXEC = 4
const CAPABILITY_VERSION_3 = 0x20080522
const LANDLOCK_RULE_PATH_BENEATH = 1
const RLIMIT_NPROC = 6
const F_SETFD = 2
const SIGKILL = 9
const everyCapability = 64
const O_PATH = 0o10000000

/** Ties this process to its parent, takes it from any terminal and lets it pass on its first descriptors only. */
export function detach(kernel: Kernel, lastDescriptor: number): void {
  const parent = process.ppid
  kernel.call('prctl', PR_SET_PDEATHSIG, SIGKILL)
  if (process.ppid !== parent) process.exit(1)
  kernel.try('setsid')
  kernel.call('close_range', lastDescriptor + 1, 0xffffffff, CLOSE_RANGE_CLOEXEC)
  // Node.js has marked them to be closed, because its own children get theirs otherwise.
  for (let descriptor = 0; descriptor <= lastDescriptor; descriptor += 1)
    kernel.call('fcntl', descriptor, F_SETFD, 0)
}

/** RLIMIT_NPROC counts every task of the user on the machine, so those that exist already are added. */
function tasksOfUser(): number {
  const own = `Uid:\t${process.getuid?.() ?? 0}\t`
  const statuses = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(readStatus)
  return statuses
    .filter((status) => status.includes(own))
    .reduce((sum, status) => sum + Number(/^Threads:\s*(\d+)/m.exec(status)?.[1] ?? 0), 0)
}

function readStatus(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}

/** Sets the limits for good and, where there is one, enters the group that counts processes. */
export function limit(kernel: Kernel, config: BoxConfig): void {
  if (config.membersFile !== null) writeFileSync(config.membersFile, '0')
  const tasks = [RLIMIT_NPROC, tasksOfUser() + config.processes] as const
  for (const [resource, value] of [...config.limits, tasks]) {
    const limits = Buffer.alloc(16)
    limits.writeBigUInt64LE(BigInt(value), 0)
    limits.writeBigUInt64LE(BigInt(value), 8)
    kernel.call('prlimit64', 0, resource, limits, 0)
  }
}

/** Gives up every capability, for itself and for whatever it will execute. */
export function dropPrivileges(kernel: Kernel): void {
  kernel.call('prctl', PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
  for (let capability = 0; capability < everyCapability; capability += 1)
    kernel.try('prctl', PR_CAPBSET_DROP, capability, 0, 0, 0)
  const header = Buffer.alloc(8)
  header.writeUInt32LE(CAPABILITY_VERSION_3, 0)
  kernel.call('capset', header, Buffer.alloc(24))
}

function addRule(kernel: Kernel, ruleset: number, rule: BoxConfig['rules'][number]): void {
  const handle = openSync(rule.path, O_PATH | constants.O_RDONLY)
  const attribute = Buffer.alloc(12)
  attribute.writeBigUInt64LE(BigInt(rule.access), 0)
  attribute.writeInt32LE(handle, 8)
  kernel.call('landlock_add_rule', ruleset, LANDLOCK_RULE_PATH_BENEATH, attribute, 0)
  closeSync(handle)
}

/** From here on only the paths of the rules exist for new openings, and no TCP and no foreign process. */
export function confine(kernel: Kernel, config: BoxConfig): void {
  const handled = accessOfAbi(config.abi)
  const attribute = Buffer.alloc(24)
  attribute.writeBigUInt64LE(BigInt(handled.files), 0)
  attribute.writeBigUInt64LE(BigInt(handled.network), 8)
  attribute.writeBigUInt64LE(BigInt(scopesOfAbi(config.abi)), 16)
  const ruleset = kernel.call('landlock_create_ruleset', attribute, handled.attributeBytes, 0)
  for (const rule of config.rules)
    addRule(kernel, ruleset, { path: rule.path, access: rule.access & handled.files })
  kernel.call('landlock_restrict_self', ruleset, 0)
  closeSync(ruleset)
}

/** Installs the system call filter; what it refuses is refused from here on. */
export function filterCalls(kernel: Kernel, filter: Buffer): void {
  const program = Buffer.alloc(16)
  program.writeUInt16LE(filter.length / 8, 0)
  pointerArray([filter]).copy(program, 8, 0, 8)
  kernel.call('prctl', PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0)
}

/** Becomes the program; throws when that is not possible. */
export function become(kernel: Kernel, words: readonly string[], env: BoxConfig['env']): never {
  const strings = words.map(cString)
  const variables = Object.entries(env).map(([name, value]) => cString(`${name}=${value}`))
  const [path = cString('')] = strings
  kernel.call('execve', path, pointerArray(strings), pointerArray(variables))
  throw new Error('execve answered although it had succeeded.')
}
