import { createHash } from 'node:crypto'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What is known about one file without reading it again. */
export type FileFacts = {
  /** Times, size and inode; equal stamps mean an unchanged file. */
  readonly stamp: string
  /** SHA-256 of the content. */
  readonly hash: string
  /** Every module name the file mentions, as written. */
  readonly imports: readonly string[]
}

/** A function's file and everything it imports from the project. */
export type Closure = {
  readonly files: readonly string[]
  /** SHA-256 over the names and contents of all of them, and over what is missing. */
  readonly hash: string
}

const mentioned =
  /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(?:"([^"\n]+)"|'([^'\n]+)'|`([^`$\n]+)`)/g
/** A file that changed this recently may change again within the same tick of the file system's clock. */
const restlessMs = 100

/** Reads the files of a project once each, trusting facts of an earlier look whose stamp still holds. */
export class SourceFiles {
  readonly #root: string
  readonly #known: Readonly<Record<string, FileFacts>>
  readonly #facts = new Map<string, FileFacts | null>()
  readonly #resolved = new Map<string, string | null>()
  readonly #folders = new Map<string, string>()
  readonly #restless: number
  /** True once a file had to be read whose facts can be trusted later. */
  learned = false

  constructor(root: string, known: Readonly<Record<string, FileFacts>>, now: number) {
    this.#root = root
    this.#known = known
    this.#restless = now - restlessMs
  }

  /** Null for a file that does not exist or cannot be read. */
  facts(file: string): FileFacts | null {
    const seen = this.#facts.get(file)
    if (seen !== undefined) return seen
    const facts = this.#look(file)
    this.#facts.set(file, facts)
    return facts
  }

  closure(file: string): Closure {
    const files = new Set([file])
    const missing: string[] = []
    for (const at of files) {
      for (const specifier of this.facts(at)?.imports ?? []) {
        if (!specifier.startsWith('.')) continue
        const target = this.#resolve(dirname(at), specifier)
        if (target === null) missing.push(`${this.#name(at)} ${specifier}`)
        else files.add(target)
      }
    }
    const hash = createHash('sha256')
    const sorted = [...files].sort()
    for (const one of sorted) hash.update(`${this.#name(one)}\n${this.facts(one)?.hash ?? ''}\n`)
    hash.update(missing.sort().join('\n'))
    return { files: sorted, hash: hash.digest('hex') }
  }

  /** Facts that may be trusted later: of files that had come to rest when they were read. */
  settled(): Record<string, FileFacts> {
    const kept: Record<string, FileFacts> = {}
    for (const [file, facts] of this.#facts) {
      if (facts === null || facts.stamp === '') continue
      kept[this.#name(file)] = facts
    }
    return kept
  }

  #look(file: string): FileFacts | null {
    const found = stampOf(file)
    if (found === null) return null
    const known = this.#known[this.#name(file)]
    if (known !== undefined && known.stamp === found.stamp) return known
    try {
      const content = readFileSync(file)
      const hash = createHash('sha256').update(content).digest('hex')
      const stamp = found.changedAt < this.#restless ? found.stamp : ''
      this.learned ||= stamp !== ''
      return { stamp, hash, imports: importsOf(content.toString('utf8')) }
    } catch {
      return null
    }
  }

  #resolve(folder: string, specifier: string): string | null {
    const path = join(folder, specifier)
    const seen = this.#resolved.get(path)
    if (seen !== undefined) return seen
    const target = candidates(path)
      .map((one) => this.real(one))
      .find((one) => this.facts(one) !== null)
    this.#resolved.set(path, target ?? null)
    return target ?? null
  }

  /** The path with links in its folders followed. */
  real(file: string): string {
    const folder = dirname(file)
    const seen = this.#folders.get(folder)
    if (seen !== undefined) return join(seen, basename(file))
    const real = realOrSame(folder)
    this.#folders.set(folder, real)
    return join(real, basename(file))
  }

  #name(file: string): string {
    return file.startsWith(`${this.#root}/`) ? file.slice(this.#root.length + 1) : file
  }
}

/** Times, size and inode of a file as one text; null when there is no such file. */
export function stampOf(file: string): { stamp: string; changedAt: number } | null {
  try {
    const found = statSync(file, { throwIfNoEntry: false })
    if (found === undefined || !found.isFile()) return null
    const { mtimeMs, ctimeMs, size, ino } = found
    return {
      stamp: `${mtimeMs} ${ctimeMs} ${size} ${ino}`,
      changedAt: Math.max(mtimeMs, ctimeMs),
    }
  } catch {
    return null
  }
}

/** In the order in which the compilers look. */
function candidates(path: string): string[] {
  const bare = path.replace(/\.[cm]?js$/, '')
  const source = bare === path ? [] : [`${bare}.ts`, `${bare}.tsx`]
  return [
    ...source,
    path,
    ...['.ts', '.tsx', '.js', '.json', '/index.ts', '/index.js'].map((end) => path + end),
  ]
}

function importsOf(text: string): string[] {
  const names = new Set<string>()
  for (const [, double, single, template] of text.matchAll(mentioned)) {
    names.add(double ?? single ?? template ?? '')
  }
  return [...names]
}

function realOrSame(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}
