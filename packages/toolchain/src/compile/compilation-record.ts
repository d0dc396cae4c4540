import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { manifestVersion } from '@plumb/protocol'
import type { ManifestFunction } from '@plumb/protocol'
import type { SourceFiles } from '../project/source-files.js'
import type { BuiltFunction, ToolFindings } from './build-functions.js'
import type { Diagnostic } from './diagnostic.js'
import { writeAtomically, writeState } from './compile-state.js'
import type { CompileState, KnownFunction, WrittenFile } from './compile-state.js'
import { bundlePath } from './plan-compilation.js'
import type { PlannedFunction } from './plan-compilation.js'

type Options = {
  readonly outDirectory: string
  readonly key: string
  readonly state: CompileState | null
  /** False when only some of the project's functions are compiled: the others stay as they are. */
  readonly whole: boolean
}

type Kept = {
  readonly bundle: WrittenFile
  readonly definition: string
  readonly models: readonly string[]
}

/** What a compilation leaves behind: bundles, the manifest, and the state for the next one. */
export class CompilationRecord {
  readonly #options: Options
  readonly #kept = new Map<string, Kept>()
  /** Lines of the manifest by the function's id. */
  readonly #lines = new Map<string, string>()
  readonly #known = new Map<string, KnownFunction>()
  #changed = false

  constructor(options: Options) {
    this.#options = options
    if (!options.whole) this.#takeOver(Object.keys(options.state?.functions ?? {}))
  }

  /** Writes the bundle at once, so that it need not stay in memory. */
  keepBundle({ id, code, definition }: BuiltFunction): void {
    const bundle = writeAtomically(join(this.#options.outDirectory, bundlePath(id)), code)
    const models = Object.keys(definition.models)
    this.#kept.set(id, { bundle, definition: JSON.stringify(definition), models })
  }

  /** Decides which functions compile; the result says so for the planned ones, by id. */
  settle(
    planned: readonly PlannedFunction[],
    findings: ToolFindings,
  ): ReadonlyMap<string, KnownFunction> {
    this.#takeOver(planned.filter(({ known }) => known !== null).map(({ id }) => id))
    for (const one of planned.filter(({ known }) => known === null)) {
      this.#changed = true
      this.#settleOne(one, findings.get(one.id) ?? [])
    }
    return new Map(
      planned.flatMap(({ id }) => {
        const known = this.#known.get(id)
        return known === undefined ? [] : [[id, known]]
      }),
    )
  }

  /** Puts manifest and state in place and removes bundles that no longer belong to a function. */
  write(sources: SourceFiles): void {
    const { outDirectory, key, state } = this.#options
    const ids = [...this.#known.keys()].sort()
    const before = Object.keys(state?.functions ?? {}).length
    const rewritten = this.#changed || state === null || before !== ids.length
    if (!rewritten && !sources.learned) return
    const compiled = ids.filter((id) => this.#known.get(id)?.compiled !== null)
    const manifest = rewritten ? this.#writeManifest(this.#linesOf(compiled)) : state.manifest
    if (rewritten) removeOthers(join(outDirectory, 'bundles'), new Set(compiled.map(bundlePath)))
    const functions = numbered(this.#known, compiled)
    writeState(outDirectory, { key, files: sources.settled(), functions, manifest })
  }

  #writeManifest(lines: readonly string[]): WrittenFile {
    const text = `{"version":${manifestVersion},"functions":[\n${lines.join(',\n')}\n]}\n`
    return writeAtomically(join(this.#options.outDirectory, 'manifest.json'), text)
  }

  #settleOne({ id, ...one }: PlannedFunction, found: readonly Diagnostic[]): void {
    const diagnostics = found.filter(({ severity }) => severity === 'reject')
    const warnings = found.filter(({ severity }) => severity === 'warn')
    const kept = this.#kept.get(id)
    const { identity } = one
    if (diagnostics.length > 0 || kept === undefined) {
      this.#known.set(id, { identity, compiled: null, diagnostics, warnings })
      return
    }
    const entry: Omit<ManifestFunction, 'definition' | 'warnings'> = {
      integration: one.integration,
      kind: one.kind,
      name: one.name,
      file: one.path,
      bundle: bundlePath(id),
      sourceHash: one.closure.hash,
      bundleHash: kept.bundle.hash,
      linkedAs: [...(one.linkedAs ?? [])],
    }
    const rest = `,"definition":${kept.definition},"warnings":${warnings.length}}`
    this.#lines.set(id, JSON.stringify(entry).slice(0, -1) + rest)
    const compiled = { bundle: kept.bundle, line: 0, models: kept.models }
    this.#known.set(id, { identity, compiled, diagnostics, warnings })
  }

  #takeOver(ids: readonly string[]): void {
    for (const id of ids) {
      const known = this.#options.state?.functions[id]
      if (known !== undefined) this.#known.set(id, known)
    }
  }

  /** A function that is taken over keeps its line of the manifest that stands there. */
  #linesOf(ids: readonly string[]): string[] {
    const manifest = join(this.#options.outDirectory, 'manifest.json')
    const { state } = this.#options
    const before = state === null ? [] : readFileSync(manifest, 'utf8').split('\n')
    return ids.map((id) => {
      const line = state?.functions[id]?.compiled?.line
      const kept = line === undefined ? '' : (before[line + 1] ?? '').replace(/,$/, '')
      return this.#lines.get(id) ?? kept
    })
  }
}

/** What is known, with each compiled function's line in the manifest. */
function numbered(
  known: ReadonlyMap<string, KnownFunction>,
  compiled: readonly string[],
): Record<string, KnownFunction> {
  const lines = new Map(compiled.map((id, line) => [id, line]))
  return Object.fromEntries(
    [...known].map(([id, one]) => {
      const line = lines.get(id)
      const placed = one.compiled !== null && line !== undefined
      return [id, placed ? { ...one, compiled: { ...one.compiled, line } } : one]
    }),
  )
}

/** Removes every file in the folder of bundles that belongs to no compiled function. */
function removeOthers(folder: string, wanted: ReadonlySet<string>): void {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) continue
    const path = join(entry.parentPath, entry.name)
    if (!wanted.has(`bundles/${relative(folder, path)}`)) rmSync(path, { force: true })
  }
}
