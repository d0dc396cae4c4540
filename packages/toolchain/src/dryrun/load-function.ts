import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { PlumbError } from '@plumb/protocol'
import type { CompiledFunction } from '@plumb/protocol'
import type { RunnerPool } from '@plumb/runtime'
import { bundleFunctions } from '../compile/bundle-functions.js'
import { hashSource } from '../compile/compile-function.js'
import type { Diagnostic } from '../compile/diagnostic.js'
import { readDefinitions } from '../compile/read-definitions.js'
import { functionId } from '../project/project-function.js'
import type { ProjectFunction } from '../project/project-function.js'
import type { Project } from '../project/open-project.js'

export type LoadOrder = {
  readonly project: Project
  readonly pool: Pick<RunnerPool, 'describe'>
  readonly signal: AbortSignal
}

export type LoadedFunction = {
  readonly compiled: CompiledFunction
  /** Text of the function's own file. */
  readonly source: string
}

/** Bundles one function of a project and reads its definition; types are not looked at. Throws `function-invalid`. */
export async function loadFunction(
  one: ProjectFunction,
  { project, pool, signal }: LoadOrder,
): Promise<LoadedFunction> {
  const { root, packages } = project
  const [id, fileName] = [functionId(one), relative(root, one.file)]
  const source = await readFile(one.file, 'utf8')
  const { code: texts, diagnostics } = await bundleFunctions({
    root,
    entries: [{ id, file: one.file }],
    policy: { relativeFiles: true, ...packages },
    reaches: () => true,
  })
  const code = texts.get(id)
  if (code === undefined) throw doesNotCompile(fileName, diagnostics)
  const bundle = { id, path: fileName, kind: one.kind, code }
  const [read] = await readDefinitions([bundle], { pool, tenant: `load ${id}`, signal })
  if (read?.kind !== 'definition')
    throw doesNotCompile(fileName, read === undefined ? [] : [read.diagnostic])
  const { definition } = read
  const sourceHash = hashSource(source)
  return { compiled: { name: one.name, fileName, code, sourceHash, definition }, source }
}

function doesNotCompile(fileName: string, diagnostics: readonly Diagnostic[]): PlumbError {
  const told = diagnostics.map(({ path, line, column, message }) =>
    message.startsWith(path) ? message : `${path}:${line}:${column} ${message}`,
  )
  return new PlumbError({
    code: 'function-invalid',
    message: `${fileName} does not compile.\n${told.join('\n')}`,
    remedy: diagnostics[0]?.remedy ?? 'Run `plumb compile` to see what is wrong.',
  })
}
