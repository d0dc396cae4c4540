import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stampOf } from '../project/source-files.js'
import type { FileFacts } from '../project/source-files.js'
import type { Diagnostic } from './diagnostic.js'

/** A file this toolchain wrote: unchanged as long as its stamp, or else its hash, is the same. */
export type WrittenFile = { readonly stamp: string; readonly hash: string }

/** What is remembered of one function. */
export type KnownFunction = {
  /** Names its sources and its listing. */
  readonly identity: string
  /** Null for a function that does not compile. */
  readonly compiled: {
    readonly bundle: WrittenFile
    /** Its line in the manifest, from 0. */
    readonly line: number
    /** Names of the models that a sync keeps. */
    readonly models: readonly string[]
  } | null
  /** What is wrong with it. */
  readonly diagnostics: readonly Diagnostic[]
  readonly warnings: readonly Diagnostic[]
}

/** Everything a later compilation can build on. */
export type CompileState = {
  /** Versions and flags that made it. */
  readonly key: string
  readonly files: Readonly<Record<string, FileFacts>>
  readonly functions: Readonly<Record<string, KnownFunction>>
  readonly manifest: WrittenFile
}

const stateFile = join('cache', 'compile.json')

/** What the last compilation left; null when there is nothing, when it is damaged, or when other versions made it. */
export function intactState(outDirectory: string, key: string): CompileState | null {
  const state = readState(outDirectory, key)
  if (state === null) return null
  return isIntact(join(outDirectory, 'manifest.json'), state.manifest) ? state : null
}

function readState(outDirectory: string, key: string): CompileState | null {
  try {
    const text = readFileSync(join(outDirectory, stateFile), 'utf8')
    const end = text.indexOf('\n')
    if (text.slice(0, end) !== hashOf(text.slice(end + 1))) return null
    const state = JSON.parse(text.slice(end + 1)) as CompileState
    return state.key === key ? state : null
  } catch {
    return null
  }
}

export function writeState(outDirectory: string, state: CompileState): void {
  const text = JSON.stringify(state)
  writeAtomically(join(outDirectory, stateFile), `${hashOf(text)}\n${text}`)
}

/** True while a written file is what it was. */
export function isIntact(path: string, written: WrittenFile): boolean {
  if (stampOf(path)?.stamp === written.stamp) return true
  try {
    return hashOf(readFileSync(path)) === written.hash
  } catch {
    return false
  }
}

/** Puts a whole file in place at once; readers see the old or the new one. */
export function writeAtomically(path: string, content: string): WrittenFile {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    writeFileSync(temporary, content)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  return { stamp: stampOf(path)?.stamp ?? '', hash: hashOf(content) }
}

export function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
