import type { BaseRoot } from '../base-root.js'
import { defaultPath } from '../default-path.js'
import type { Mount, SandboxPolicy } from '../sandbox.js'

/** The uid and gid that every program sees itself as; outside they are those of the user that runs Plumb. */
export const boxUser = 1000

type BoxFiles = { readonly passwd: string; readonly group: string }

const isolation = [
  '--unshare-all',
  '--unshare-user',
  '--die-with-parent',
  '--new-session',
  '--disable-userns',
  '--clearenv',
  ...['--uid', String(boxUser), '--gid', String(boxUser)],
  ...['--hostname', 'box'],
]

function baseFolders(base: BaseRoot): string[] {
  return [
    ...base.folders.flatMap((path) => ['--ro-bind', path, path]),
    ...base.links.flatMap(({ path, target }) => ['--symlink', target, path]),
    ...['--proc', '/proc', '--dev', '/dev'],
  ]
}

/** After the temporary folders, which would hide a Node.js that lies in one. */
function baseFiles(base: BaseRoot, files: BoxFiles): string[] {
  return [
    ...base.files.flatMap((path) => ['--ro-bind', path, path]),
    ...['--ro-bind', files.passwd, '/etc/passwd', '--ro-bind', files.group, '/etc/group'],
  ]
}

function temporary(tmpBytes: number): string[] {
  if (tmpBytes === 0) return []
  const size = ['--perms', '1777', '--size', String(tmpBytes), '--tmpfs']
  return [...size, '/tmp', ...size, '/dev/shm']
}

const bind = (option: string) => (mount: Mount) => ({
  inside: mount.inside,
  words: [option, mount.outside, mount.inside],
})

/** Parents before what lies in them, so that a read-only folder can sit in a writable one and the other way round. */
function mounts(policy: SandboxPolicy): string[] {
  return [
    ...policy.readOnly.map(bind('--ro-bind')),
    ...policy.writable.map(bind('--bind')),
    ...policy.sockets.map(bind('--bind')),
  ]
    .sort((a, b) => (a.inside < b.inside ? -1 : 1))
    .flatMap((mount) => mount.words)
}

/** The policy as bubblewrap's options, without the command. */
export function bubblewrapArguments(
  policy: SandboxPolicy,
  base: BaseRoot,
  files: BoxFiles,
): string[] {
  const env = { PATH: defaultPath, ...policy.env }
  return [
    ...isolation,
    ...baseFolders(base),
    ...temporary(policy.limits.tmpBytes),
    ...baseFiles(base, files),
    ...mounts(policy),
    // The root and /dev are memory file systems of their own, without a size. Under /proc lie the settings of the
    // kernel, which the outer root keeps its right to write even as an unprivileged user inside.
    ...['/proc', '/dev', '/'].flatMap((path) => ['--remount-ro', path]),
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--chdir', policy.cwd],
  ]
}
