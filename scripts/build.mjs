// Compiles every package, then makes the self-contained files that run inside boxes.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Runs `tsc -b`, then each package's own `bundle.mjs`. Throws when one of them fails. */
export async function build() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const result = spawnSync(process.execPath, [tsc, '-b'], { cwd: root, stdio: ['ignore', 2, 2] })
  if (result.status !== 0) throw new Error('The TypeScript build failed; the errors are above.')
  for (const name of readdirSync(join(root, 'packages'))) {
    const bundle = join(root, 'packages', name, 'bundle.mjs')
    if (existsSync(bundle)) await (await import(pathToFileURL(bundle).href)).bundle()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build()
