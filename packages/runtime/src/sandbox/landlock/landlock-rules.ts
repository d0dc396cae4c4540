import { existsSync, statSync } from 'node:fs'
import type { BaseRoot } from '../base-root.js'
import { requireSamePlace } from '../require-same-place.js'
import type { SandboxPolicy } from '../sandbox.js'
import type { PathRule } from './box-config.js'
import { fileAccess, folderAccess } from './landlock-access.js'

const devices = ['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom']

/** What of /proc programs read about themselves and the machine; /proc/self is the box's first process. */
const processFiles = ['/proc/self', '/proc/meminfo', '/proc/cpuinfo', '/proc/stat']

function rule(path: string, kind: 'read' | 'write'): PathRule {
  const access = statSync(path).isDirectory() ? folderAccess[kind] : fileAccess[kind]
  return { path, access }
}

/** The paths of a box and the rights on each; throws PlumbError 'sandbox-failed' for a mount that moves a path. */
export function landlockPaths(
  policy: SandboxPolicy,
  base: BaseRoot,
  temporary: string | null,
): readonly PathRule[] {
  const mounts = [...policy.readOnly, ...policy.writable, ...policy.sockets]
  for (const mount of mounts) requireSamePlace(mount, 'landlock')
  const readable = [...base.folders, ...base.files, ...processFiles].filter((path) =>
    existsSync(path),
  )
  return [
    ...readable.map((path) => rule(path, 'read')),
    ...devices.map((path) => ({ path, access: fileAccess.device })),
    ...policy.readOnly.map(({ outside }) => rule(outside, 'read')),
    ...policy.writable.map(({ outside }) => rule(outside, 'write')),
    ...(temporary === null ? [] : [rule(temporary, 'write')]),
  ]
}
