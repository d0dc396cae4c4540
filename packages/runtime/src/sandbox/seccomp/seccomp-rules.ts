import type { SystemCall } from './system-calls.js'

/** When a call is refused, by one of its arguments; only the low 32 bits count, as the kernel's own types do there. */
export type ArgumentTest =
  | { readonly kind: 'unless-equal'; readonly argument: number; readonly value: number }
  | { readonly kind: 'if-equal'; readonly argument: number; readonly value: number }
  | { readonly kind: 'if-any-bit'; readonly argument: number; readonly value: number }
  | { readonly kind: 'unless-any-bit'; readonly argument: number; readonly value: number }
  | { readonly kind: 'if-not-null'; readonly argument: number }

/** A system call that answers with `errno`, always or under a test. */
export type SeccompRule = {
  readonly call: SystemCall
  readonly errno: number
  readonly tests?: readonly ArgumentTest[]
}

const EPERM = 1
const ENOSYS = 38
const EAFNOSUPPORT = 97
const AF_UNIX = 1
const CLONE_THREAD = 0x10000
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const CLONE_NEW_ANY = 0x7e020000
const TIOCSTI = 0x5412
const TIOCLINUX = 0x541c

const refused = (calls: readonly SystemCall[], errno = EPERM): SeccompRule[] =>
  calls.map((call) => ({ call, errno }))

const onlyUnix = (call: SystemCall): SeccompRule => ({
  call,
  errno: EAFNOSUPPORT,
  tests: [{ kind: 'unless-equal', argument: 0, value: AF_UNIX }],
})

const otherProcesses = refused([
  'ptrace',
  'process_vm_readv',
  'process_vm_writev',
  'process_madvise',
  'pidfd_getfd',
  'kcmp',
])

const mountFamily = refused([
  'mount',
  'umount2',
  'move_mount',
  'open_tree',
  'open_tree_attr',
  'fsopen',
  'fsconfig',
  'fsmount',
  'fspick',
  'mount_setattr',
  'pivot_root',
  'chroot',
  'open_by_handle_at',
  'name_to_handle_at',
])

const kernelSurface = refused([
  'bpf',
  'perf_event_open',
  'userfaultfd',
  'add_key',
  'request_key',
  'keyctl',
  'memfd_secret',
  'fanotify_init',
  'lookup_dcookie',
  'modify_ldt',
  'iopl',
  'ioperm',
  'mbind',
  'set_mempolicy',
  'migrate_pages',
  'move_pages',
  'nfsservctl',
  'sysfs',
  'uselib',
])

const machine = refused([
  'kexec_load',
  'kexec_file_load',
  'init_module',
  'finit_module',
  'delete_module',
  'reboot',
  'swapon',
  'swapoff',
  'acct',
  'settimeofday',
  'clock_settime',
  'clock_adjtime',
  'adjtimex',
  'syslog',
  'quotactl',
  'quotactl_fd',
  'vhangup',
  'sethostname',
  'setdomainname',
])

const namespaces: readonly SeccompRule[] = [
  ...refused(['unshare', 'setns']),
  // Its flags lie behind a pointer, which a filter cannot read; libc falls back to clone.
  ...refused(['clone3'], ENOSYS),
]

const terminals: readonly SeccompRule[] = [
  {
    call: 'ioctl',
    errno: EPERM,
    tests: [
      { kind: 'if-equal', argument: 1, value: TIOCSTI },
      { kind: 'if-equal', argument: 1, value: TIOCLINUX },
    ],
  },
]

const everyBox: readonly SeccompRule[] = [
  ...otherProcesses,
  ...mountFamily,
  ...kernelSurface,
  ...machine,
  ...namespaces,
  ...terminals,
  ...refused(['io_uring_setup', 'io_uring_enter', 'io_uring_register'], ENOSYS),
]

const shellBox: readonly SeccompRule[] = [
  onlyUnix('socket'),
  onlyUnix('socketpair'),
  {
    call: 'clone',
    errno: EPERM,
    tests: [{ kind: 'if-any-bit', argument: 0, value: CLONE_NEW_ANY }],
  },
]

const strictBox: readonly SeccompRule[] = [
  ...refused(['socket', 'socketpair', 'connect', 'bind', 'listen'], EAFNOSUPPORT),
  ...refused(['fork', 'vfork', 'memfd_create']),
  {
    call: 'clone',
    errno: EPERM,
    tests: [
      { kind: 'if-any-bit', argument: 0, value: CLONE_NEW_ANY },
      { kind: 'unless-any-bit', argument: 0, value: CLONE_THREAD },
    ],
  },
]

/** What a box may not ask of the kernel; `strict` also takes child processes, sockets and memory files. */
export function boxRules(strict: boolean): readonly SeccompRule[] {
  return [...everyBox, ...(strict ? strictBox : shellBox)]
}

/**
 * What Landlock leaves open and mount namespaces close: changing owner, mode, attributes and times by path, and the
 * limits that mark the processes of a box.
 */
export const landlockRules: readonly SeccompRule[] = [
  ...refused(['chmod', 'fchmod', 'fchmodat', 'fchmodat2', 'chown', 'fchown', 'lchown', 'fchownat']),
  ...refused(['setxattr', 'lsetxattr', 'fsetxattr', 'setxattrat', 'file_setattr']),
  ...refused(['removexattr', 'lremovexattr', 'fremovexattr', 'removexattrat']),
  ...refused(['utime', 'utimes', 'futimesat', 'setrlimit']),
  // With a null path it changes an already open file, which Landlock has judged.
  { call: 'utimensat', errno: EPERM, tests: [{ kind: 'if-not-null', argument: 1 }] },
  { call: 'prlimit64', errno: EPERM, tests: [{ kind: 'if-not-null', argument: 2 }] },
]

/** Takes signals and changing lengths by path as well, for kernels whose Landlock is too old to keep them inside. */
export const olderLandlockRules: readonly SeccompRule[] = refused([
  'kill',
  'tkill',
  'tgkill',
  'pidfd_send_signal',
  'rt_sigqueueinfo',
  'rt_tgsigqueueinfo',
  'truncate',
])
