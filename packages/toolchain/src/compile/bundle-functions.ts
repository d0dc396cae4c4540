import { relative } from 'node:path'
import { build } from 'esbuild'
import type { BuildFailure, BuildOptions, BuildResult, Message } from 'esbuild'
import { importRemedy } from './allowed-imports.js'
import { codeFrame } from './code-frame.js'
import type { Diagnostic } from './diagnostic.js'
import { isRefusedImport, onlyAllowedImports } from './import-policy.js'
import type { ImportPolicy } from './import-policy.js'

export type BundleEntry = { readonly id: string; readonly file: string }

export type BundleOrder = {
  readonly root: string
  readonly entries: readonly BundleEntry[]
  readonly policy: ImportPolicy
  /** Entries that are reached by a file, by which a complaint about it finds its functions. */
  readonly reaches: (entry: BundleEntry, file: string) => boolean
}

export type Bundles = {
  /** CommonJS text by the entry's id. */
  readonly code: ReadonlyMap<string, string>
  readonly diagnostics: readonly Diagnostic[]
}

const mostRounds = 5

/** Bundles many functions in one go, one self-contained text each; those that cannot be bundled are told and left out. */
export async function bundleFunctions(order: BundleOrder): Promise<Bundles> {
  const diagnostics: Diagnostic[] = []
  let entries = order.entries
  for (let round = 0; round < mostRounds && entries.length > 0; round += 1) {
    const result = await attempt(order, entries)
    if (!isFailure(result)) return { code: textsOf(result, entries), diagnostics }
    const found = result.errors.map((message) => buildDiagnostic(message))
    diagnostics.push(...found)
    const left = entries.filter((entry) => !found.some(({ path }) => order.reaches(entry, path)))
    // A complaint that belongs to no function would come again in every round.
    if (left.length === entries.length) return oneByOne(order, entries, diagnostics)
    entries = left
  }
  return { code: new Map(), diagnostics }
}

async function oneByOne(
  order: BundleOrder,
  entries: readonly BundleEntry[],
  before: readonly Diagnostic[],
): Promise<Bundles> {
  const code = new Map<string, string>()
  const diagnostics = [...before]
  for (const entry of entries) {
    const result = await attempt(order, [entry])
    if (isFailure(result)) {
      const path = relative(order.root, entry.file)
      diagnostics.push(...result.errors.map((one) => ({ ...buildDiagnostic(one), path })))
    } else for (const [id, text] of textsOf(result, [entry])) code.set(id, text)
  }
  return { code, diagnostics }
}

async function attempt(
  { root, policy }: BundleOrder,
  entries: readonly BundleEntry[],
): Promise<BuildResult<{ write: false }> | BuildFailure> {
  try {
    return await build({
      ...bundleOptions,
      absWorkingDir: root,
      entryPoints: entries.map(({ file }, index) => ({ in: file, out: String(index) })),
      outdir: '/bundles',
      plugins: [onlyAllowedImports(policy)],
    })
  } catch (error) {
    if (isFailure(error)) return error
    throw error
  }
}

/** What every bundle of a function is made with. */
export const bundleOptions = {
  bundle: true,
  write: false,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  logLevel: 'silent',
  logLimit: 0,
  charset: 'utf8',
  tsconfigRaw: '{"compilerOptions":{"verbatimModuleSyntax":false}}',
} as const satisfies BuildOptions

function textsOf(
  result: BuildResult<{ write: false }>,
  entries: readonly BundleEntry[],
): Map<string, string> {
  const texts = new Map<string, string>()
  for (const { path, text } of result.outputFiles) {
    const entry = entries[Number(/(\d+)\.js$/.exec(path)?.[1])]
    if (entry !== undefined) texts.set(entry.id, text)
  }
  return texts
}

/** True for what esbuild throws when sources cannot be bundled. */
export function isFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
}

/** A complaint of esbuild with its place, a code frame, and what to do. */
export function buildDiagnostic(message: Message, source?: string): Diagnostic {
  const line = message.location?.line ?? 1
  const column = (message.location?.column ?? 0) + 1
  const refused = isRefusedImport(message.text)
  return {
    path: message.location?.file ?? '',
    line,
    column,
    code: 'build',
    message:
      source === undefined ? message.text : `${message.text}\n${codeFrame(source, line, column)}`,
    remedy: refused ? importRemedy : remedyOf(message.text),
    behaviour: refused ? 'C5' : 'T1',
    severity: 'reject',
  }
}

function remedyOf(text: string): string {
  if (text.startsWith('Could not resolve')) return 'Create the file, or correct the path.'
  if (text.startsWith('No matching export')) return 'Export the name there, or import another one.'
  return 'Correct the syntax at this place.'
}
