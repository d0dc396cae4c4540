// Makes the one self-contained file that runs inside a runner's box: the entry, the SDK, the protocol and zod.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))

/** Writes `dist/runner-entry.mjs`, whole or not at all: runners may be starting. Throws when esbuild fails. */
export async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [join(here, 'src/runner/entry.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    logLevel: 'warning',
  })
  const target = join(here, 'dist', 'runner-entry.mjs')
  const draft = `${target}.${process.pid}`
  await mkdir(dirname(target), { recursive: true })
  await writeFile(draft, outputFiles[0].contents)
  await rename(draft, target)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle()
