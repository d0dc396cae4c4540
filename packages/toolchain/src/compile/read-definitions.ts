import { PlumbError } from '@plumb/protocol'
import type { FunctionDefinition } from '@plumb/protocol'
import type { RunnerPool } from '@plumb/runtime'
import type { ProjectFunction } from '../project/project-function.js'
import { definitionDiagnostic } from './definition-diagnostic.js'
import type { Diagnostic } from './diagnostic.js'

export type Bundled = {
  readonly id: string
  /** Relative to the project, for messages. */
  readonly path: string
  readonly kind: ProjectFunction['kind']
  readonly code: string
}

export type Read = { readonly id: string } & (
  | { readonly kind: 'definition'; readonly definition: FunctionDefinition }
  | { readonly kind: 'invalid'; readonly diagnostic: Diagnostic }
)

export type ReadOrder = {
  readonly pool: Pick<RunnerPool, 'describe'>
  /** Names the process that loads the bundles, one after another; functions of one project may share it. */
  readonly tenant: string
  readonly signal: AbortSignal
}

/** Reads what bundles declare by loading them in the runner, one after another. */
export async function readDefinitions(
  bundles: readonly Bundled[],
  order: ReadOrder,
): Promise<Read[]> {
  const read: Read[] = []
  for (const bundle of bundles) read.push(await readDefinition(bundle, order))
  return read
}

async function readDefinition(
  { id, path, kind, code }: Bundled,
  { pool, tenant, signal }: ReadOrder,
): Promise<Read> {
  try {
    const definition = await pool.describe({ code, fileName: path, tenant, signal })
    if (definition.kind === kind) return { id, kind: 'definition', definition }
    return { id, kind: 'invalid', diagnostic: wrongFolder(path, kind, definition.kind) }
  } catch (error) {
    const told = error instanceof PlumbError && error.code === 'function-invalid'
    if (!told || signal.aborted) throw error
    return { id, kind: 'invalid', diagnostic: definitionDiagnostic(path, error) }
  }
}

function wrongFolder(path: string, folder: string, kind: string): Diagnostic {
  return definitionDiagnostic(path, {
    message: `The file stands among functions of kind "${folder}" and defines one of kind "${kind}".`,
    remedy: `Move it to ${kind}s/, or define a function of kind "${folder}".`,
  })
}
