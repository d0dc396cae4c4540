import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { build } from 'esbuild'
import type { BuildFailure, Message, Plugin } from 'esbuild'
import { PlumbError } from '@plumb/protocol'
import type { CompiledFunction } from '@plumb/protocol'
import type { RunnerPool } from '@plumb/runtime'
import { allowedImports, importRemedy } from './allowed-imports.js'
import { codeFrame } from './code-frame.js'
import type { Diagnostic } from './diagnostic.js'

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
      stdin: { contents: source, sourcefile: fileName, loader: 'ts' },
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      charset: 'utf8',
      tsconfigRaw: '{"compilerOptions":{"verbatimModuleSyntax":false}}',
      plugins: [onlyAllowedImports],
    })
    return { kind: 'bundled', code: result.outputFiles[0]?.text ?? '' }
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    return {
      kind: 'failed',
      diagnostics: error.errors.map((message) => buildDiagnostic(message, source, fileName)),
    }
  }
}

const onlyAllowedImports: Plugin = {
  name: 'only-allowed-imports',
  setup(setup) {
    setup.onResolve({ filter: /.*/ }, ({ path, kind }) => {
      if (kind === 'entry-point') return null
      if (kind !== 'dynamic-import' && allowedImports.includes(path))
        return { path, external: true }
      const what = kind === 'dynamic-import' ? 'loads at run time' : 'imports'
      return {
        errors: [{ text: `The function ${what} ${JSON.stringify(path)}, which is not allowed.` }],
      }
    })
  },
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
}

function buildDiagnostic(message: Message, source: string, fileName: string): Diagnostic {
  const line = message.location?.line ?? 1
  const column = (message.location?.column ?? 0) + 1
  const refusedImport = message.text.endsWith('which is not allowed.')
  return {
    path: fileName,
    line,
    column,
    code: 'build',
    message: `${message.text}\n${codeFrame(source, line, column)}`,
    remedy: refusedImport ? importRemedy : 'Correct the syntax at this place.',
    behaviour: refusedImport ? 'C5' : 'T1',
    severity: 'reject',
  }
}

function definitionDiagnostic(path: string, error: PlumbError): Diagnostic {
  const { message, remedy } = error
  return {
    path,
    line: 1,
    column: 1,
    code: 'definition',
    message,
    remedy,
    behaviour: 'T1',
    severity: 'reject',
  }
}
