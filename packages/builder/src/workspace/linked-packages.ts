import { existsSync, realpathSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LinkedPackage } from './workspace.js'

/** Package to look up -> names under which the workspace shows it, and which of its entries the box sees. */
const wanted = [
  { source: '@plumb/sdk', names: ['@plumb/sdk', 'nango'], entries: ['dist', 'package.json'] },
  { source: '@plumb/protocol', names: ['@plumb/protocol'], entries: ['dist', 'package.json'] },
  { source: 'zod', names: ['zod'], entries: [''] },
] as const

function findPackage(name: string): string | null {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(candidate)) return realpathSync(candidate)
    if (dirname(folder) === folder) return null
    folder = dirname(folder)
  }
}

/** The installed packages whose types an agent may read; one that is not installed is left out. */
export function findLinkedPackages(): LinkedPackage[] {
  return wanted.flatMap(({ source, names, entries }) => {
    const directory = findPackage(source)
    if (directory === null) return []
    const visible = entries
      .map((entry) => join(directory, entry))
      .filter((path) => existsSync(path))
    return names.map((name, index) => ({ name, directory, visible: index === 0 ? visible : [] }))
  })
}

/** Makes `node_modules` of a workspace: links only, so that nothing is copied. */
export async function linkPackages(
  directory: string,
  packages: readonly LinkedPackage[],
): Promise<void> {
  for (const linked of packages) {
    const path = join(directory, 'node_modules', linked.name)
    await mkdir(dirname(path), { recursive: true })
    await symlink(linked.directory, path, 'dir')
  }
}
