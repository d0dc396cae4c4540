// Makes the file that the lint's thread runs: one CommonJS text, because importing the TypeScript compiler from an
// ES module reads its nine megabytes twice more, for the names it exports.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))

/** Writes `dist/lint-worker.cjs`, whole or not at all: threads may be starting. Throws when esbuild fails. */
export async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [join(here, 'src/compile/lint-worker.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    conditions: ['source'],
    external: ['typescript'],
    logLevel: 'warning',
  })
  const target = join(here, 'dist', 'lint-worker.cjs')
  const draft = `${target}.${process.pid}`
  await mkdir(dirname(target), { recursive: true })
  await writeFile(draft, outputFiles[0].contents)
  await rename(draft, target)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle()
