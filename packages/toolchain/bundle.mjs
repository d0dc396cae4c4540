// Makes the self-contained files that threads and workers of the toolchain run.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))

/** The worker that runs vitest files: vitest's parts, the SDK and zod in one module. */
const testWorker = {
  source: 'src/testing/worker/entry.ts',
  output: 'test-worker.mjs',
  options: {
    format: 'esm',
    external: ['oxc-transform'],
    // The contexts of the SDK's tests and the test files share one `vi`.
    alias: { vitest: join(here, 'src/testing/worker/vitest.ts') },
    banner: {
      js: "import { createRequire as createRequireOfWorker } from 'node:module'; const require = createRequireOfWorker(import.meta.url);",
    },
  },
}

/**
 * The lint's thread, as CommonJS: importing the TypeScript compiler from an ES module reads its nine megabytes twice
 * more, for the names it exports.
 */
const lintWorker = {
  source: 'src/compile/lint-worker.ts',
  output: 'lint-worker.cjs',
  options: { format: 'cjs', external: ['typescript'] },
}

/** Writes each file into `dist`, whole or not at all: workers may be starting. Throws when esbuild fails. */
export async function bundle() {
  await Promise.all([testWorker, lintWorker].map(bundleOne))
}

async function bundleOne({ source, output, options }) {
  const { outputFiles } = await build({
    entryPoints: [join(here, source)],
    absWorkingDir: join(here, '../..'),
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    conditions: ['source'],
    logLevel: 'warning',
    ...options,
  })
  const target = join(here, 'dist', output)
  const draft = `${target}.${process.pid}`
  await mkdir(dirname(target), { recursive: true })
  await writeFile(draft, outputFiles[0].contents)
  await rename(draft, target)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle()
