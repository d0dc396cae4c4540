import { availableParallelism } from 'node:os'
import { relative } from 'node:path'
import type { FunctionDefinition } from '@plumb/protocol'
import type { RunnerPool, Sandbox } from '@plumb/runtime'
import type { Project } from '../project/open-project.js'
import { checkProjectTypes } from '../types/check-project-types.js'
import { bundleFunctions } from './bundle-functions.js'
import type { Diagnostic } from './diagnostic.js'
import { lintInThread } from './lint-pool.js'
import { foldersOutside } from './plan-compilation.js'
import type { PlannedFunction } from './plan-compilation.js'
import { readDefinitions } from './read-definitions.js'

export type BuildOrder = {
  readonly project: Project
  readonly functions: readonly PlannedFunction[]
  readonly sandbox: Sandbox
  readonly pool: RunnerPool
  readonly signal: AbortSignal
  readonly onProgress: (line: string) => void
  /** Called with each function whose bundle loads, before anything is known about its types. */
  readonly onBundle: (built: BuiltFunction) => void
}

export type BuiltFunction = {
  readonly id: string
  readonly code: string
  readonly definition: FunctionDefinition
}

/** What the tools say about each function, by its id. */
export type ToolFindings = ReadonlyMap<string, readonly Diagnostic[]>

/** Functions bundled at once: their texts and syntax trees are in memory together. */
const bundleChunk = 240
/** Functions that one runner process loads before a fresh one takes its place. */
const perProcess = 1000

/** Type-checks, lints and bundles functions and reads their definitions, all at once. */
export async function buildFunctions(order: BuildOrder): Promise<ToolFindings> {
  const byFile = reachedFrom(order)
  const stop = new AbortController()
  const signal = AbortSignal.any([order.signal, stop.signal])
  const tasks = [
    checkTypes({ ...order, signal }),
    bundleAll({ ...order, signal }, byFile),
    lintAll({ ...order, signal }),
  ]
  const found = await Promise.all(tasks).catch(async (error: unknown) => {
    stop.abort()
    await Promise.allSettled(tasks)
    throw error
  })
  return findingsOf(order.functions, withoutEchoes(found.flat()), byFile)
}

type Reached = ReadonlyMap<string, ReadonlySet<string>>

/** Ids of the functions that consist of a file, by its path relative to the project. */
function reachedFrom({ project, functions }: BuildOrder): Reached {
  const byFile = new Map<string, Set<string>>()
  for (const { id, closure } of functions) {
    for (const file of closure.files) {
      const path = relative(project.root, file)
      const ids = byFile.get(path)
      if (ids === undefined) byFile.set(path, new Set([id]))
      else ids.add(id)
    }
  }
  return byFile
}

function checkTypes({ project, functions, sandbox, signal, onProgress }: BuildOrder) {
  return checkProjectTypes({
    root: project.root,
    functions,
    absentPackages: [...project.packages.absent],
    folders: foldersOutside(project.root, functions),
    sandbox,
    signal,
    onProgress: (done) => onProgress(`Checked the types of ${done} of ${functions.length}.`),
  })
}

async function lintAll({ project, functions, signal }: BuildOrder): Promise<Diagnostic[]> {
  const { installed, absent } = project.packages
  const allowedPackages = [...installed, ...absent]
  const answers = await lintInThread(functions, { allowedPackages }, signal)
  return [...answers.values()]
    .flat()
    .map((one) => ({ ...one, path: relative(project.root, one.path) }))
}

async function bundleAll(order: BuildOrder, byFile: Reached): Promise<Diagnostic[]> {
  const { functions, signal } = order
  const diagnostics: Diagnostic[] = []
  for (let from = 0; from < functions.length; from += bundleChunk) {
    signal.throwIfAborted()
    const chunk = functions.slice(from, from + bundleChunk)
    const bundles = await bundleFunctions({
      root: order.project.root,
      entries: chunk,
      policy: { relativeFiles: true, ...order.project.packages },
      reaches: ({ id }, path) => byFile.get(path)?.has(id) === true,
    })
    diagnostics.push(...bundles.diagnostics)
    diagnostics.push(...(await describeAll(order, chunk, { code: bundles.code, from })))
  }
  return diagnostics
}

async function describeAll(
  order: BuildOrder,
  chunk: readonly PlannedFunction[],
  { code, from }: { readonly code: ReadonlyMap<string, string>; readonly from: number },
): Promise<Diagnostic[]> {
  const bundled = chunk.flatMap((one) => {
    const text = code.get(one.id)
    return text === undefined ? [] : [{ ...one, code: text }]
  })
  const lanes = Math.min(2, availableParallelism(), Math.ceil(bundled.length / 16))
  const batches = Array.from({ length: lanes }, (_, lane) =>
    bundled.filter((_one, index) => index % lanes === lane),
  )
  const read = await Promise.all(
    batches.map((batch, lane) =>
      readDefinitions(batch, {
        pool: order.pool,
        tenant: `compile ${lane} ${Math.floor(from / perProcess)}`,
        signal: order.signal,
      }),
    ),
  )
  return read.flat().flatMap((one) => {
    if (one.kind === 'invalid') return [one.diagnostic]
    order.onBundle({ id: one.id, code: code.get(one.id) ?? '', definition: one.definition })
    return []
  })
}

/** The type checker also stumbles over what the bundler has refused at the same line. */
function withoutEchoes(found: readonly Diagnostic[]): Diagnostic[] {
  const place = ({ path, line }: Diagnostic): string => `${path}:${line}`
  const refused = new Set(found.filter(({ code }) => code === 'build').map(place))
  const seen = new Set<string>()
  return found.filter((one) => {
    const key = `${place(one)}:${one.column} ${one.code} ${one.message}`
    const echo = /^TS\d+$/.test(one.code) && refused.has(place(one))
    if (echo || seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function findingsOf(
  functions: readonly PlannedFunction[],
  found: readonly Diagnostic[],
  byFile: Reached,
): ToolFindings {
  const findings = new Map<string, Diagnostic[]>(functions.map(({ id }) => [id, []]))
  for (const one of found) {
    for (const id of byFile.get(one.path) ?? []) findings.get(id)?.push(one)
  }
  return findings
}
