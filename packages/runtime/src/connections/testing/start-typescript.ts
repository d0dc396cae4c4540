import { spawn } from 'node:child_process'
import { readFile, rename } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'

const dist = new URL('../../../dist/', import.meta.url)
const made = new Map<string, Promise<string>>()

/**
 * Starts a program of the sources in a process of its own, with pipes at stdin and stdout. It is made into one file
 * first, once per process of tests: to compile its modules one by one as they are loaded takes seconds each time.
 */
export async function startTypeScript(program: URL) {
  const known = made.get(program.href) ?? makeProgram(program)
  made.set(program.href, known)
  return spawn(process.execPath, [await known], { stdio: ['pipe', 'pipe', 'inherit'] })
}

/** The path of the file, which lies where packages are found. */
async function makeProgram(program: URL): Promise<string> {
  const path = fileURLToPath(new URL(`${basename(program.pathname, '.ts')}.test.mjs`, dist))
  const draft = `${path}.${process.pid}`
  await build({
    ...{ entryPoints: [fileURLToPath(program)], outfile: draft, bundle: true },
    ...{ platform: 'node', format: 'esm', target: 'node20', conditions: ['source'] },
    ...{ logLevel: 'error', plugins: [ourSources] },
  })
  await rename(draft, path)
  return path
}

/** Takes our own sources in, which find what lies beside them where they are. */
const ourSources: Plugin = {
  name: 'our sources',
  setup(bundling) {
    bundling.onResolve({ filter: /^[^./]/ }, ({ path }) =>
      path.startsWith('@plumb/') ? undefined : { path, external: true },
    )
    bundling.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const here = JSON.stringify(pathToFileURL(path).href)
      const text = await readFile(path, 'utf8')
      return { loader: 'ts', contents: text.replaceAll('import.meta.url', here) }
    })
  },
}
