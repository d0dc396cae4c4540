import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProjectFunction } from '../project/project-function.js'
import type { Project } from '../project/open-project.js'
import { codeFrame } from './code-frame.js'
import type { KnownFunction } from './compile-state.js'
import type { Diagnostic } from './diagnostic.js'
import { definitionDiagnostic } from './definition-diagnostic.js'
import type { PlannedFunction } from './plan-compilation.js'

/** Everything there is to say about a project, each complaint once, errors with the lines around their place. */
export function projectDiagnostics(
  project: Project,
  planned: readonly PlannedFunction[],
  known: ReadonlyMap<string, KnownFunction>,
): { errors: Diagnostic[]; warnings: Diagnostic[] } {
  const all = [...known.values()]
  const unread = planned.filter(({ readable }) => !readable).map(({ path }) => unreadable(path))
  const errors = [...project.problems, ...unread, ...all.flatMap((one) => one.diagnostics)]
  const warnings = [
    ...twoOfOneName(project.functions),
    ...twoOfOneModel(planned, known),
    ...all.flatMap((one) => one.warnings),
  ]
  const texts = new Map<string, string | null>()
  return {
    errors: once(errors).map((one) => framed(one, project.root, texts)),
    warnings: once(warnings),
  }
}

function once(found: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<string, Diagnostic>()
  for (const one of found) {
    const key = `${one.path}:${one.line}:${one.column} ${one.code} ${one.message}`
    if (!seen.has(key)) seen.set(key, one)
  }
  return [...seen.values()].sort(byPlace)
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1
  return a.line - b.line || a.column - b.column
}

function framed(one: Diagnostic, root: string, texts: Map<string, string | null>): Diagnostic {
  if (one.codeFrame !== undefined || one.code === 'definition' || one.code === 'unreadable')
    return one
  const known = texts.get(one.path)
  const text = known === undefined ? readOrNull(join(root, one.path)) : known
  texts.set(one.path, text)
  return text === null ? one : { ...one, codeFrame: codeFrame(text, one.line, one.column) }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function unreadable(path: string): Diagnostic {
  const message = `The file ${JSON.stringify(path)} cannot be read.`
  const remedy = 'Check that it exists, that a link leads somewhere, and that you may read it.'
  return { ...definitionDiagnostic(path, { message, remedy }), code: 'unreadable' }
}

/** A caller names a function by integration and name, so an action and a sync of one name are hard to tell apart. */
function twoOfOneName(functions: readonly ProjectFunction[]): Diagnostic[] {
  const seen = new Map<string, ProjectFunction>()
  return functions.flatMap((one) => {
    const name = `${one.integration}/${one.name}`
    const other = seen.get(name)
    seen.set(name, one)
    if (other === undefined) return []
    const message = `${JSON.stringify(one.name)} of ${one.integration} is ${other.kind} and ${one.kind} at once.`
    const said = { message, remedy: 'Give one of the two another name.' }
    const path = `${one.integration}/${one.kind}s/${one.name}.ts`
    return [{ ...definitionDiagnostic(path, said), code: 'name', severity: 'warn' as const }]
  })
}

/** Records are known by integration and model, so two syncs of one model write over each other. */
function twoOfOneModel(
  planned: readonly PlannedFunction[],
  known: ReadonlyMap<string, KnownFunction>,
): Diagnostic[] {
  const seen = new Map<string, PlannedFunction>()
  return planned.flatMap((one) =>
    (known.get(one.id)?.compiled?.models ?? []).flatMap((model) => {
      const name = `${one.integration}/${model}`
      const other = seen.get(name)
      seen.set(name, other ?? one)
      if (other === undefined) return []
      const message = `${JSON.stringify(model)} is kept by ${other.path} too; the two share its records.`
      const said = { message, remedy: 'Give one of the two models another name.' }
      return [{ ...definitionDiagnostic(one.path, said), code: 'model', severity: 'warn' as const }]
    }),
  )
}
