import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs'

/** What every box sees of the system: programs and libraries, and the few settings that those read. */
const systemFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']
const settings = [
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/alternatives',
  '/etc/localtime',
  '/etc/ssl/openssl.cnf',
  '/etc/ld-musl-x86_64.path',
  '/etc/ld-musl-aarch64.path',
]

export type BaseRoot = {
  readonly folders: readonly string[]
  readonly links: readonly { readonly path: string; readonly target: string }[]
  readonly files: readonly string[]
}

/**
 * Reads what of the base exists on this machine. The Node.js binary is part of it, as a single file, so that a version
 * kept in somebody's home does not bring the home along.
 */
export function readBaseRoot(nodePath: string): BaseRoot {
  const present = systemFolders.filter((path) => existsSync(path))
  const isLink = (path: string) => lstatSync(path).isSymbolicLink()
  const node = realpathSync(nodePath)
  return {
    folders: present.filter((path) => !isLink(path)),
    links: present.filter(isLink).map((path) => ({ path, target: readlinkSync(path) })),
    files: [
      ...settings.filter((path) => existsSync(path)),
      ...(node.startsWith('/usr/') ? [] : [node]),
    ],
  }
}
