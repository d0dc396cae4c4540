// Makes the one self-contained file that runs inside a runner's box: the entry, the SDK, the protocol and zod.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))

/** Writes `dist/runner-entry.mjs`. Throws when esbuild fails. */
export async function bundle() {
  await build({
    entryPoints: [join(here, 'src/runner/entry.ts')],
    outfile: join(here, 'dist/runner-entry.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    treeShaking: true,
    logLevel: 'warning',
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle()
