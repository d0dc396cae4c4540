import { readFile } from 'node:fs/promises'
import { register } from 'node:module'
import { isMainThread } from 'node:worker_threads'
import { transform } from 'esbuild'

// The hooks run on a thread of their own, in a second instance of this module.
if (isMainThread) register(import.meta.url)

/** Sources import each other by the name of what they become: `./x.js` is `./x.ts`. */
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context)
  } catch (error) {
    if (!specifier.startsWith('.') || !specifier.endsWith('.js')) throw error
    return next(specifier.replace(/\.js$/, '.ts'), context)
  }
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context)
  const source = await readFile(new URL(url), 'utf8')
  const { code } = await transform(source, { loader: 'ts', format: 'esm' })
  return { format: 'module', source: code, shortCircuit: true }
}
