import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PlumbError } from '@plumb/protocol'

/** Folder that holds the native compiler `tsc` and its library files. */
export function nativeCompilerDirectory(): string {
  const platform = `@typescript/typescript-${process.platform}-${process.arch}`
  try {
    const compiler = createRequire(import.meta.url).resolve('typescript-native/package.json')
    const manifest = createRequire(compiler).resolve(`${platform}/package.json`)
    return join(realpathSync(dirname(manifest)), 'lib')
  } catch (cause) {
    throw new PlumbError({
      code: 'config-invalid',
      message: `The native TypeScript compiler package ${platform} is not installed.`,
      remedy: 'Run "npm install" again without --omit=optional.',
      cause,
    })
  }
}
