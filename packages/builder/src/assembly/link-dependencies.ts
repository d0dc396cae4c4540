import { existsSync, realpathSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const needed = ['@plumb/sdk', '@plumb/toolchain', 'zod', 'vitest', '@types/node', 'typescript']

/**
 * Makes `npx vitest run` work in a new integration without an installation: packages that cannot be found from it are
 * linked into its `node_modules` (which git ignores) from where this program has them.
 */
export async function linkDependencies(directory: string): Promise<void> {
  const here = createRequire(import.meta.url)
  const there = createRequire(join(directory, 'package.json'))
  for (const name of needed) {
    if (folderOf(there, name) !== null) continue
    const folder = folderOf(here, name)
    if (folder === null) continue
    await link(folder, join(directory, 'node_modules', name))
    if (name === 'vitest')
      await link(join(folder, 'vitest.mjs'), join(directory, 'node_modules', '.bin', 'vitest'))
  }
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await symlink(target, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

function folderOf(from: NodeJS.Require, name: string): string | null {
  const folders = (from.resolve.paths(name) ?? []).map((folder) => join(folder, name))
  const found = folders.find((folder) => existsSync(join(folder, 'package.json')))
  return found === undefined ? null : realpathSync(found)
}
