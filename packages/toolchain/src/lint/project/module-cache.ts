import type { LintedModule } from './linted-module.js'
import { lintModule } from './lint-module.js'
import type { Found } from './project-rule.js'

/** Parsed files that several functions import, with what the rules said about them. */
export type LintCache = {
  /** The file parsed; the same object while its text stays the same. */
  readonly moduleOf: (path: string, text: string) => LintedModule
  /** What `check` found in the module, computed once for as long as nothing new is known about it. */
  readonly hitsOf: (
    module: LintedModule,
    check: (module: LintedModule) => readonly Found[],
  ) => readonly Found[]
}

const keptCharacters = 4_000_000

type Kept = {
  readonly text: string
  readonly module: LintedModule
  /** What was found, and how many contexts of the module were known then. */
  checked: { readonly known: number; readonly hits: readonly Found[] } | null
}

/** A cache that keeps the files used last, up to 4 million characters of source. */
export function createLintCache(): LintCache {
  const kept = new Map<string, Kept>()
  let characters = 0
  const drop = (path: string): void => {
    characters -= kept.get(path)?.text.length ?? 0
    kept.delete(path)
  }
  const keep = (path: string, entry: Kept): void => {
    drop(path)
    kept.set(path, entry)
    characters += entry.text.length
    for (const [oldest] of kept) {
      if (characters <= keptCharacters || oldest === path) break
      drop(oldest)
    }
  }
  return {
    moduleOf(path, text) {
      const known = kept.get(path)
      const entry =
        known?.text === text ? known : { text, module: lintModule(path, text), checked: null }
      keep(path, entry)
      return entry.module
    },
    hitsOf(module, check) {
      const entry = kept.get(module.path)
      const known = module.contexts.size
      if (entry?.module !== module) return check(module)
      if (entry.checked?.known !== known) entry.checked = { known, hits: check(module) }
      return entry.checked.hits
    },
  }
}
