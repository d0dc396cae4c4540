import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const bundles = new Map<string, Promise<string>>()

async function bundle(entry: string): Promise<string> {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'silent',
  })
  return result.outputFiles[0]?.text ?? ''
}

/** One self-contained CommonJS program made of `in-box/<name>`; made once per process. */
export function bundleProgram(name: string): Promise<string> {
  const known = bundles.get(name)
  if (known !== undefined) return known
  const source = fileURLToPath(new URL(`./in-box/${name}.ts`, import.meta.url))
  const compiled = fileURLToPath(new URL(`./in-box/${name}.js`, import.meta.url))
  const made = bundle(existsSync(source) ? source : compiled)
  bundles.set(name, made)
  return made
}
