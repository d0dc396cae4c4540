import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { boxRules } from '../seccomp/seccomp-rules.js'
import { systemCalls } from '../seccomp/system-calls.js'
import type { SystemCall } from '../seccomp/system-calls.js'
import type { Box } from './attack.js'

/** One system call as native code makes it; arguments that are left out are 0. */
export type RawCall = {
  readonly name: string
  readonly number: number
  readonly values: readonly number[]
  /** What to answer besides an error that counts as refused. */
  readonly accepts?: number
}

const column = process.arch === 'arm64' ? 1 : 0
const SIGCHLD = 17
const TIOCSTI = 0x5412
const PR_GET_NO_NEW_PRIVS = 39

const numberOf = (call: SystemCall): number => systemCalls[call][column] ?? -1

const call = (name: string, number: number, ...values: number[]): RawCall => ({
  name,
  number,
  values,
})

/** Every call that the filter refuses whatever its arguments are. */
const outright = (box: Box): RawCall[] =>
  boxRules(box === 'runner')
    .filter((rule) => rule.tests === undefined && systemCalls[rule.call][column] !== null)
    .map((rule) => call(rule.call, numberOf(rule.call)))

const families = { INET: 2, INET6: 10, NETLINK: 16, PACKET: 17, ALG: 38, VSOCK: 40, XDP: 44 }

const sockets = Object.entries(families).flatMap(([name, family]) => [
  call(`socket(AF_${name})`, numberOf('socket'), family, 2),
  call(`socketpair(AF_${name})`, numberOf('socketpair'), family, 2),
])

const namespaces = { NEWNS: 0x20000, NEWUSER: 0x10000000, NEWPID: 0x20000000, NEWNET: 0x40000000 }

const clones = Object.entries(namespaces).flatMap(([name, flag]) => [
  call(`clone(CLONE_${name})`, numberOf('clone'), flag | SIGCHLD),
  call(`unshare(CLONE_${name})`, numberOf('unshare'), flag),
])

const particular = [
  call('ioctl(TIOCSTI)', numberOf('ioctl'), 1, TIOCSTI),
  // Only the low 32 bits of a command count for the kernel, so they have to for the filter.
  call('ioctl(TIOCSTI, high bits set)', numberOf('ioctl'), 1, 2 ** 40 + TIOCSTI),
  call('socket(AF_INET, high bits set)', numberOf('socket'), 2 ** 40 + 2, 2),
  call('kill of the host with signal 0', numberOf('kill'), process.pid),
]

/** The 32-bit pointer interface of x64 has its own numbers for the same calls. */
const x32 =
  process.arch === 'x64'
    ? [call('x32 ptrace', 0x40000000 + 521), call('x32 getpid', 0x40000000 + 39)]
    : []

const privileges: RawCall = {
  ...call('prctl(PR_GET_NO_NEW_PRIVS)', numberOf('prctl'), PR_GET_NO_NEW_PRIVS),
  accepts: 1,
}

/** The calls that no program of the box may get through. */
export function rawCalls(box: Box): readonly RawCall[] {
  return [...outright(box), ...sockets, ...clones, ...particular, ...x32, privileges]
}

/** Where `koffi` lies; the boxes of this suite see it, so that they can call the kernel as any native code can. */
export function nativeCode(): { readonly entry: string; readonly folders: readonly string[] } {
  const entry = createRequire(import.meta.url).resolve('koffi')
  const binary = `@koromix/koffi-${process.platform}-${process.arch}`
  const found = createRequire(entry).resolve(binary)
  const folder = found.slice(0, found.lastIndexOf(binary) + binary.length)
  return { entry, folders: [dirname(entry), folder] }
}

/** A program that makes the calls one by one and prints `name result errno` for each. */
export function rawCallProgram(calls: readonly RawCall[], entry: string): string {
  return `
    const koffi = require(${JSON.stringify(entry)})
    const words = ['n', 'a', 'b', 'c', 'd', 'e', 'f'].map((name) => 'int64_t ' + name).join(', ')
    const syscall = koffi.load(null).func('int64_t syscall(' + words + ')')
    for (const { name, number, values } of ${JSON.stringify(calls)}) {
      const result = Number(syscall(number, ...[...values, 0, 0, 0, 0, 0, 0].slice(0, 6)))
      console.log([name, result, koffi.errno()].join('\\t'))
    }
    console.log('FINISHED')`
}
