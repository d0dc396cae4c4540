import { fileURLToPath } from 'node:url'

/** The part of a Vite plugin that this one has. */
export type PlumbVitestPlugin = {
  readonly name: string
  readonly enforce: 'pre'
  config(given: { test?: { setupFiles?: string | readonly string[] } }): object
  resolveId(id: string): string | null
}

const entries: Readonly<Record<string, string>> = {
  nango: './nango.js',
  'nango/test': './testing/index.js',
  '@plumb/sdk/test': './testing/index.js',
}

/**
 * Lets a plain vitest project run generated tests: `nango` and `nango/test` resolve to this package, and
 * `globalThis.vitest` holds the mocks unless the project has a setup file that does it.
 */
export function plumb(): PlumbVitestPlugin {
  return {
    name: 'plumb',
    enforce: 'pre',
    config: ({ test }) => {
      const own = test?.setupFiles ?? []
      const setupFiles = own.length === 0 ? [pathOf('./testing/setup.js')] : []
      return { test: { setupFiles } }
    },
    resolveId: (id) => {
      const entry = entries[id]
      return entry === undefined ? null : pathOf(entry)
    },
  }
}

/** In a working tree the files are TypeScript. */
function pathOf(entry: string): string {
  const here = import.meta.url
  return fileURLToPath(new URL(here.endsWith('.ts') ? entry.replace(/js$/, 'ts') : entry, here))
}
