import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

const ignored = new Set(['node_modules', '.git', '.plumb', '.nango', 'dist', 'build', 'coverage'])

export type FoundFiles = {
  /** Real absolute paths, sorted. */
  readonly files: readonly string[]
  readonly linked: readonly { readonly folder: string; readonly target: string }[]
}

/**
 * Test files under `directory`, or itself; what links lead to is listed once. Unless `isTest` says which real paths
 * are tests, they are `*.test.ts` and `*.spec.ts`, JavaScript too.
 */
export function findTestFiles(
  directory: string,
  isTest: (path: string) => boolean = isTestFile,
): FoundFiles {
  const walk = new Walk(directory, isTest)
  const real = realpathSync(directory)
  if (statSync(real).isFile()) return { files: [real], linked: [] }
  walk.enter(real)
  for (const link of walk.links) walk.follow(link)
  return { files: [...walk.files].sort(), linked: walk.linked }
}

class Walk {
  readonly files = new Set<string>()
  readonly links: string[] = []
  readonly linked: { folder: string; target: string }[] = []
  readonly #seen = new Set<string>()
  readonly #directory: string
  readonly #isTest: (path: string) => boolean

  constructor(directory: string, isTest: (path: string) => boolean) {
    this.#directory = realpathSync(directory)
    this.#isTest = isTest
  }

  enter(folder: string): void {
    if (this.#seen.has(folder)) return
    this.#seen.add(folder)
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isSymbolicLink() && !ignored.has(entry.name)) this.links.push(path)
      else if (entry.isDirectory()) this.#enterNamed(path, entry.name)
      else if (this.#isTest(path)) this.files.add(path)
    }
  }

  /** Goes where a link leads, unless that was seen already; a link into nowhere is passed over. */
  follow(path: string): void {
    const target = realPathOf(path)
    if (target === undefined) return
    if (!statSync(target).isDirectory()) {
      if (this.#isTest(path)) this.files.add(target)
      return
    }
    if (target.includes('node_modules')) return
    const names = (one: string) => relative(this.#directory, one)
    this.linked.push({ folder: names(path), target: names(target) })
    this.enter(target)
  }

  #enterNamed(path: string, name: string): void {
    if (!ignored.has(name)) this.enter(path)
  }
}

function isTestFile(path: string): boolean {
  return /\.(test|spec)\.[cm]?[jt]sx?$/.test(path)
}

function realPathOf(path: string): string | undefined {
  try {
    lstatSync(path)
    return realpathSync(path)
  } catch {
    return undefined
  }
}
