import type { SandboxPolicy } from '../sandbox.js'

const systemFolders = ['/usr', '/bin', '/sbin', '/System', '/Library/Apple', '/private/var/db/dyld']
const devices = ['/dev/null', '/dev/zero', '/dev/random', '/dev/urandom']

/** A string of the profile language. */
const quoted = (path: string) => `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

const beneath = (paths: readonly string[]) =>
  paths.map((path) => `(subpath ${quoted(path)})`).join(' ')

const exactly = (paths: readonly string[]) =>
  paths.map((path) => `(literal ${quoted(path)})`).join(' ')

const allow = (what: string, filters: string) =>
  filters === '' ? [] : [`(allow ${what} ${filters})`]

/**
 * The policy in the language of macOS `sandbox-exec`: everything is denied but what is named here. Written from the
 * documented operations; it has not been run on macOS yet.
 */
export function seatbeltProfile(
  policy: SandboxPolicy,
  places: { readonly node: string; readonly temporary: string | null },
): string {
  const readOnly = policy.readOnly.map(({ outside }) => outside)
  const temporary = places.temporary === null ? [] : [places.temporary]
  const writable = [...policy.writable.map(({ outside }) => outside), ...temporary]
  const sockets = policy.sockets.map(({ outside }) => outside)
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-exec*)',
    ...(policy.strict === true ? [] : ['(allow process-fork)']),
    '(allow signal (target same-sandbox))',
    '(allow sysctl-read)',
    '(allow file-read-metadata)',
    `(allow file-read* ${beneath([...systemFolders, ...readOnly])} ${exactly([...devices, places.node, '/'])})`,
    ...allow('file-read* file-write*', beneath(writable)),
    ...(writable.length > 0 && readOnly.length > 0
      ? [`(deny file-write* ${beneath(readOnly)})`]
      : []),
    `(allow file-write-data ${exactly(devices)})`,
    ...sockets.map((path) => `(allow network-outbound (literal ${quoted(path)}))`),
    '',
  ].join('\n')
}
