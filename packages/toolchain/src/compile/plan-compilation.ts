import { join, relative } from 'node:path'
import { functionId, kindFolders } from '../project/project-function.js'
import type { ProjectFunction } from '../project/project-function.js'
import type { Project } from '../project/open-project.js'
import type { Closure, SourceFiles } from '../project/source-files.js'
import { isIntact } from './compile-state.js'
import type { CompileState, KnownFunction } from './compile-state.js'

/** One function with what it consists of and what an earlier compilation knows about exactly that. */
export type PlannedFunction = ProjectFunction & {
  readonly id: string
  /** Relative to the project. */
  readonly path: string
  readonly closure: Closure
  /** Names the sources and the listing; equal identities compile to equal results. */
  readonly identity: string
  /** False when the file cannot be read. */
  readonly readable: boolean
  readonly known: KnownFunction | null
}

export type Planning = {
  readonly project: Project
  readonly sources: SourceFiles
  readonly state: CompileState | null
  readonly outDirectory: string
}

/** Decides for each function whether an earlier result still holds. */
export function planCompilation({ project, sources, ...place }: Planning): PlannedFunction[] {
  return project.functions.map((one) => {
    const id = functionId(one)
    const closure = sources.closure(one.file)
    const identity = [closure.hash, ...(one.linkedAs ?? [])].join(' ')
    const readable = sources.facts(one.file) !== null
    const path = relative(project.root, one.file)
    const known = readable ? knownOf(id, identity, place) : null
    return { ...one, id, path, closure, identity, readable, known }
  })
}

function knownOf(
  id: string,
  identity: string,
  { state, outDirectory }: Pick<Planning, 'state' | 'outDirectory'>,
): KnownFunction | null {
  const known = state?.functions[id]
  if (known === undefined || known.identity !== identity) return null
  const { compiled } = known
  if (compiled === null) return known
  return isIntact(join(outDirectory, bundlePath(id)), compiled.bundle) ? known : null
}

/** Where the bundle of a function lies, relative to the manifest. */
export function bundlePath(id: string): string {
  return `bundles/${id}.cjs`
}

/** Every folder that holds sources of the planned functions and is not below the root. */
export function foldersOutside(root: string, planned: readonly PlannedFunction[]): string[] {
  const outside = planned
    .flatMap(({ closure }) => closure.files)
    .filter((file) => !file.startsWith(`${root}/`))
  const depth = new RegExp(`/(${Object.values(kindFolders).join('|')})/[^/]+$`)
  return [...new Set(outside.map((file) => file.replace(depth, '').replace(/\/[^/]+\.\w+$/, '')))]
}
