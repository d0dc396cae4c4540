import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { hashOf } from './compile-state.js'
import { stampOf } from '../project/source-files.js'

/** Raised when the same sources would give another result. */
const format = 1

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

/** The version of a package and, where it is built in place, when. */
function versionOf(here: NodeJS.Require, name: string): string {
  for (const folder of here.resolve.paths(name) ?? []) {
    try {
      const manifest = join(folder, name, 'package.json')
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
      const built = join(dirname(manifest), 'dist')
      const stamps = ['.tsbuildinfo', 'runner-entry.mjs', 'lint-worker.cjs'].map(
        (file) => stampOf(join(built, file))?.stamp ?? '',
      )
      return [name, version, ...stamps].join(' ')
    } catch {
      // Looked for in the next folder.
    }
  }
  return name
}
