import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { hashOf } from './compile-state.js'

/** Raised when the same sources would give another result. */
const format = 2

/** Names everything beside the sources that decides a compilation: versions, declarations, the runner, flags. */
export function toolchainKey(flags: readonly unknown[]): string {
  const here = createRequire(import.meta.url)
  const packages = [
    '@plumb/sdk',
    '@plumb/protocol',
    '@plumb/runtime',
    '@plumb/toolchain',
    'esbuild',
    'typescript-native',
  ]
  const versions = packages.map((name) => versionOf(here, name))
  return hashOf(JSON.stringify([format, process.version, versions, flags]))
}

/** The version of a package and, where it is built in place, from what. */
function versionOf(here: NodeJS.Require, name: string): string {
  for (const folder of here.resolve.paths(name) ?? []) {
    try {
      const manifest = join(folder, name, 'package.json')
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
      const built = join(dirname(manifest), 'dist')
      const parts = ['.tsbuildinfo', 'runner-entry.mjs', 'lint-worker.cjs'].map((file) =>
        contentOf(join(built, file)),
      )
      return [name, version, ...parts].join(' ')
    } catch {
      // Looked for in the next folder.
    }
  }
  return name
}

/** Hash of a file, empty where there is none. */
function contentOf(file: string): string {
  try {
    return hashOf(readFileSync(file))
  } catch {
    return ''
  }
}
