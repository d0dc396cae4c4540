import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Alias } from './worker/module-registry.js'

export type TestSettings = {
  /** Absolute paths of the files that are evaluated before each test file. */
  readonly setupFiles: readonly string[]
  readonly globals: boolean
  /** Milliseconds for one test, where the project says so. */
  readonly timeoutMs: number | undefined
  /** Patterns of the test files, relative to the root; null where the project says nothing that can be read. */
  readonly include: readonly string[] | null
  readonly aliases: readonly Alias[]
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
  return { setupFiles: [], globals: false, timeoutMs: undefined, include: null, aliases: [], root }
}

function settingsOf(text: string, root: string): TestSettings {
  const code = text.replace(commentOrWord, '$1')
  const setup = /setupFiles\s*:\s*(\[[^\]]*\]|[^,\n}]*\([^)]*\)|[^,\n}]+)/.exec(code)?.[1] ?? ''
  const named = [...setup.matchAll(/['"`]([^'"`]+\.[cm]?[jt]sx?)['"`]/g)].map(
    (found) => found[1] ?? '',
  )
  const timeout = /testTimeout\s*:\s*([\d_]+)/.exec(code)?.[1]
  return {
    root,
    setupFiles: named.map((path) => resolve(root, path)).filter((path) => existsSync(path)),
    include: includeOf(code),
    aliases: aliasesOf(code, root),
    globals: /globals\s*:\s*true/.test(code),
    timeoutMs: timeout === undefined ? undefined : Number(timeout.replaceAll('_', '')),
  }
}

/** Patterns of files look like comments, so words are told apart from those first. */
const commentOrWord = /('[^'\n]*'|"[^"\n]*"|`[^`]*`)|\/\*[\s\S]*?\*\/|\/\/.*$/gm
const literal = /'([^']*)'|"([^"]*)"|`([^`$]*)`/g
const elsewhere = /\b(?:coverage|typecheck|optimizeDeps|benchmark)\s*:\s*\{[^{}]*\}/g

function includeOf(code: string): string[] | null {
  const list = /\binclude\s*:\s*\[([^\]]*(?:\[[^\]]*\][^\]]*)*)\]/.exec(
    code.replace(elsewhere, ''),
  )?.[1]
  const patterns = list === undefined ? [] : literalsIn(list)
  return patterns.length > 0 ? patterns : null
}

/** `{ '~': './lib', '@shop': resolve(__dirname, 'shop') }`: the words of each value lead from the root. */
function aliasesOf(code: string, root: string): Alias[] {
  const body = /\balias\s*:\s*\{([^{}]*)\}/.exec(code)?.[1] ?? ''
  const entry =
    /(?:^|,)\s*(?:'([^']+)'|"([^"]+)"|([\w$]+))\s*:\s*((?:[^,(]|\((?:[^()]|\([^()]*\))*\))+)/g
  return [...body.matchAll(entry)].flatMap(([, single, double, bare, value = '']) => {
    const written = single ?? double ?? bare
    const meant = meantBy(value, root)
    return written === undefined || meant === undefined ? [] : [{ written, meant }]
  })
}

/** A lone name is a package; whatever else is put together from words is a path. */
function meantBy(value: string, root: string): string | undefined {
  const words = literalsIn(value)
  const [only = ''] = words
  if (words.length === 1 && !value.includes('(') && !/^[./]/.test(only)) return only
  return words.length === 0 ? undefined : resolve(root, ...words)
}

function literalsIn(code: string): string[] {
  return [...code.matchAll(literal)].map((found) => found[1] ?? found[2] ?? found[3] ?? '')
}
