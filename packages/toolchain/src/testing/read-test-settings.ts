import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

export type TestSettings = {
  /** Absolute paths of the files that are evaluated before each test file. */
  readonly setupFiles: readonly string[]
  readonly globals: boolean
  /** Milliseconds for one test, where the project says so. */
  readonly timeoutMs: number | undefined
  /** The folder of the configuration, or the directory itself. */
  readonly root: string
}

const configNames = ['vitest.config', 'vite.config'].flatMap((name) =>
  ['ts', 'mts', 'js', 'mjs', 'cjs'].map((suffix) => `${name}.${suffix}`),
)

/**
 * What a project's vitest configuration says about its tests, read without running it. It is looked for in
 * `directory` and above, as far as the folder of a package.json.
 */
export function readTestSettings(directory: string): TestSettings {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const config = configNames.map((name) => join(folder, name)).find((path) => existsSync(path))
    const setup = join(folder, 'vitest.setup.ts')
    if (config) return settingsOf(readFileSync(config, 'utf8'), folder)
    if (existsSync(setup)) return { ...none(folder), setupFiles: [setup] }
    if (existsSync(join(folder, 'package.json')) || folder === dirname(folder)) {
      return none(resolve(directory))
    }
  }
}

function none(root: string): TestSettings {
  return { setupFiles: [], globals: false, timeoutMs: undefined, root }
}

function settingsOf(text: string, root: string): TestSettings {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const setup = /setupFiles\s*:\s*(\[[^\]]*\]|[^,\n}]*\([^)]*\)|[^,\n}]+)/.exec(code)?.[1] ?? ''
  const named = [...setup.matchAll(/['"`]([^'"`]+\.[cm]?[jt]sx?)['"`]/g)].map(
    (found) => found[1] ?? '',
  )
  const timeout = /testTimeout\s*:\s*([\d_]+)/.exec(code)?.[1]
  return {
    root,
    setupFiles: named.map((path) => resolve(root, path)).filter((path) => existsSync(path)),
    globals: /globals\s*:\s*true/.test(code),
    timeoutMs: timeout === undefined ? undefined : Number(timeout.replaceAll('_', '')),
  }
}
