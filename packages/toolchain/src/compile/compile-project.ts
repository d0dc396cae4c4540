import { join, resolve } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import { cancelled } from '../cancelled.js'
import { openProject } from '../project/open-project.js'
import type { Project } from '../project/open-project.js'
import { SourceFiles } from '../project/source-files.js'
import { projectFlags } from '../types/project-flags.js'
import type { ToolFindings } from './build-functions.js'
import { CompilationRecord } from './compilation-record.js'
import { intactState } from './compile-state.js'
import { openCompileTools } from './compile-tools.js'
import type { CompileTools } from './compile-tools.js'
import type { Diagnostic } from './diagnostic.js'
import { lockFolder } from './lock-folder.js'
import { planCompilation } from './plan-compilation.js'
import type { PlannedFunction } from './plan-compilation.js'
import { projectDiagnostics } from './project-diagnostics.js'
import { toolchainKey } from './toolchain-key.js'

export type ProjectCompileInput = {
  /** A project, one integration folder, or one file. */
  readonly directory: string
  /** Where manifest, bundles and cache go. Default `.plumb` in the project. */
  readonly outDirectory?: string
  /** Opened when something has to be compiled, and closed again, when left out. */
  readonly tools?: CompileTools
  /** False compiles everything anew. Default true. */
  readonly cache?: boolean
  readonly signal: AbortSignal
  readonly onProgress?: (line: string) => void
}

export type ProjectCompilation = {
  /** Absolute path of the project. */
  readonly directory: string
  /** Absolute path of the manifest. */
  readonly manifest: string
  /** How many functions were looked at. */
  readonly functions: number
  /** How many of them compile. */
  readonly compiled: number
  /** How many were taken over from an earlier compilation, whether or not they compile. */
  readonly unchanged: number
  readonly failed: number
  /** Ids of the functions that were compiled now. */
  readonly built: readonly string[]
  /** What keeps functions from compiling, each once, with code frames. */
  readonly errors: readonly Diagnostic[]
  readonly warnings: readonly Diagnostic[]
}

/**
 * Compiles every function of a project: types, bundle, definition, lint. What has not changed since the last time is
 * taken over. Functions that fail are told in `errors` and are not in the manifest.
 * Throws PlumbError `function-not-found`, `config-invalid`, `sandbox-unavailable`, `sandbox-failed`,
 * `output-invalid`, `cancelled`.
 */
export async function compileProject(input: ProjectCompileInput): Promise<ProjectCompilation> {
  const project = await openProject(input.directory)
  const outDirectory = resolve(input.outDirectory ?? join(project.root, '.plumb'))
  const unlock = await lockFolder(join(outDirectory, 'cache', 'lock'), input.signal).catch(
    (error: unknown) => {
      throw input.signal.aborted ? cancelled('compilation') : notWritable(outDirectory, error)
    },
  )
  try {
    return await compileInto(outDirectory, project, input)
  } finally {
    unlock()
  }
}

async function compileInto(
  outDirectory: string,
  project: Project,
  input: ProjectCompileInput,
): Promise<ProjectCompilation> {
  const key = toolchainKey([projectFlags, project.packages.key])
  const state = input.cache === false ? null : intactState(outDirectory, key)
  const sources = new SourceFiles(project.root, state?.files ?? {}, Date.now())
  const planned = planCompilation({ project, sources, state, outDirectory })
  const changed = planned.filter(({ known, readable }) => known === null && readable)
  const record = new CompilationRecord({ outDirectory, key, state, whole: project.whole })
  const findings = await build({ input, project, changed, record })
  const known = record.settle(planned, findings)
  record.write(sources)
  const { errors, warnings } = projectDiagnostics(project, planned, known)
  const compiled = [...known.values()].filter((one) => one.compiled !== null).length
  return {
    directory: project.root,
    manifest: join(outDirectory, 'manifest.json'),
    functions: planned.length,
    compiled,
    unchanged: planned.length - changed.length,
    failed: planned.length - compiled,
    built: changed.map(({ id }) => id),
    errors,
    warnings,
  }
}

type Build = {
  readonly input: ProjectCompileInput
  readonly project: Project
  readonly changed: readonly PlannedFunction[]
  readonly record: CompilationRecord
}

/** The tools are loaded only when something has changed: a compilation that finds nothing to do starts fast. */
async function build({ input, project, changed, record }: Build): Promise<ToolFindings> {
  if (changed.length === 0) return new Map()
  const { signal, onProgress = () => undefined } = input
  const [{ buildFunctions }, tools] = await Promise.all([
    import('./build-functions.js'),
    input.tools ?? openCompileTools(),
  ])
  try {
    return await buildFunctions({
      sandbox: tools.sandbox,
      pool: tools.pool,
      project,
      signal,
      onProgress,
      functions: changed,
      onBundle: (built) => record.keepBundle(built),
    })
  } catch (error) {
    throw signal.aborted ? cancelled('compilation') : error
  } finally {
    if (input.tools === undefined) await tools.close()
  }
}

function notWritable(folder: string, cause: unknown): PlumbError {
  return new PlumbError({
    code: 'output-invalid',
    message: `The folder ${JSON.stringify(folder)} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: 'Name another folder with --out.',
    cause,
  })
}
