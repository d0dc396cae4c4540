import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { build } from 'esbuild'
import { PlumbError } from '@plumb/protocol'
import type { CompiledFunction } from '@plumb/protocol'
import type { RunnerPool } from '@plumb/runtime'
import { buildDiagnostic, bundleOptions, isFailure } from './bundle-functions.js'
import type { Diagnostic } from './diagnostic.js'
import { definitionDiagnostic } from './definition-diagnostic.js'
import { onlyAllowedImports } from './import-policy.js'

export type CompileInput = {
  readonly source: string
  /** Shown in diagnostics and stacks, such as `function.ts`. */
  readonly fileName: string
  /** Name of the function; the file's name without its ending when left out. */
  readonly name?: string
  readonly pool: Pick<RunnerPool, 'describe'>
}

export type CompileResult =
  | { readonly kind: 'compiled'; readonly compiled: CompiledFunction }
  | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] }

/**
 * Turns a function's source into one CommonJS text and reads its definition in the runner.
 * Source that does not parse, imports what is not allowed or defines no function gives `failed`.
 */
export async function compileFunction(input: CompileInput): Promise<CompileResult> {
  const bundled = await bundle(input.source, input.fileName)
  if (bundled.kind === 'failed') return bundled
  try {
    const definition = await input.pool.describe({ code: bundled.code })
    const name = input.name ?? basename(input.fileName).replace(/\.[cm]?[jt]s$/, '')
    const sourceHash = hashSource(input.source)
    const { fileName } = input
    return {
      kind: 'compiled',
      compiled: { name, fileName, code: bundled.code, sourceHash, definition },
    }
  } catch (error) {
    if (!(error instanceof PlumbError) || error.code !== 'function-invalid') throw error
    return { kind: 'failed', diagnostics: [definitionDiagnostic(input.fileName, error)] }
  }
}

/** SHA-256 of a function's source in hexadecimal; ties evidence to one version of it. */
export function hashSource(source: string): string {
  return createHash('sha256').update(source).digest('hex')
}

type Bundle =
  | { readonly kind: 'bundled'; readonly code: string }
  | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] }

async function bundle(source: string, fileName: string): Promise<Bundle> {
  try {
    const result = await build({
      ...bundleOptions,
      stdin: { contents: source, sourcefile: fileName, loader: 'ts' },
      plugins: [onlyAllowedImports(nothingBeside)],
    })
    return { kind: 'bundled', code: result.outputFiles[0]?.text ?? '' }
  } catch (error) {
    if (!isFailure(error)) throw error
    const diagnostics = error.errors.map((message) => ({
      ...buildDiagnostic(message, source),
      path: fileName,
    }))
    return { kind: 'failed', diagnostics }
  }
}

const nothingBeside = {
  relativeFiles: false,
  installed: new Set<string>(),
  absent: new Set<string>(),
}
