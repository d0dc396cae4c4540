import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { PlumbError, providerSchema } from '@plumb/protocol'
import type { Finding, Provider } from '@plumb/protocol'
import { loadProviders } from '@plumb/providers'
import { openRunnerPool, openSandbox } from '@plumb/runtime'
import type { RunnerPool, Sandbox } from '@plumb/runtime'
import type { Project, ProjectFunction } from '@plumb/toolchain'
import type { Diagnostic } from '@plumb/toolchain/compile'
import { CloserStack } from '../build/closer-stack.js'
import type { OperationContext } from '../operations/operation.js'
import { providerFolders } from '../workbench.js'
import { checkFixture } from './fixture-checks.js'

/** What is known about one function. */
export type FunctionCheck = {
  readonly id: string
  readonly ok: boolean
  readonly fixtures: number
  readonly findings: readonly Finding[]
  /** Checks that could not be asked, with the reason. */
  readonly notRun: readonly { readonly check: string; readonly why: string }[]
}

export type ProjectCheck = {
  readonly ok: boolean
  readonly functions: readonly FunctionCheck[]
  /** Findings in files that are no function. */
  readonly elsewhere: readonly Finding[]
}

type Opened = {
  readonly project: Project
  readonly pool: RunnerPool
  readonly sandbox: Sandbox
  readonly providers: ReadonlyMap<string, { readonly provider: Provider }>
  readonly signal: AbortSignal
}

/** Types, static checks, strict replays and what can be asked of a replay, for every function below `directory`. */
export async function checkProject(
  directory: string,
  { signal, progress }: OperationContext,
): Promise<ProjectCheck> {
  const { findingsFromDiagnostics, openProject } = await import('@plumb/toolchain')
  const { compileProject } = await import('@plumb/toolchain/compile')
  const project = await openProject(directory)
  const closers = new CloserStack()
  try {
    const sandbox = closers.add(await openSandbox())
    const pool = closers.add(await openRunnerPool({ sandbox, size: 2 }))
    const compiled = await compileProject({ directory, signal, onProgress: progress })
    const diagnostics = [...compiled.errors, ...compiled.warnings]
    const providers = await loadProviders({ directories: await providerFolders(project.root) })
    const opened = { project, pool, sandbox, providers, signal }
    const functions: FunctionCheck[] = []
    for (const one of project.functions) {
      signal.throwIfAborted()
      functions.push(await checkOne(one, diagnostics, opened))
    }
    const files = new Set(project.functions.map(({ file }) => relative(project.root, file)))
    const others = diagnostics.filter(({ path }) => !files.has(path))
    const elsewhere = findingsFromDiagnostics('compile', others)
    const ok = functions.every((one) => one.ok) && elsewhere.every(isHarmless)
    return { ok, functions, elsewhere }
  } finally {
    await closers.close()
  }
}

async function checkOne(
  one: ProjectFunction,
  diagnostics: readonly Diagnostic[],
  opened: Opened,
): Promise<FunctionCheck> {
  const { findingsFromDiagnostics, functionId } = await import('@plumb/toolchain')
  const path = relative(opened.project.root, one.file)
  const own = diagnostics.filter((diagnostic) => diagnostic.path === path)
  const written = findingsFromDiagnostics('compile', own)
  const fixtures = await fixturesOf(one)
  const replayed = fixtures.length === 0 ? noFixture : await replayAll(one, fixtures, opened)
  const findings = [...written, ...replayed.findings]
  return {
    ...{ id: functionId(one), ok: findings.every(isHarmless), fixtures: fixtures.length },
    ...{ findings, notRun: [...replayed.notRun, ...needsAnAttempt] },
  }
}

type Replayed = Pick<FunctionCheck, 'findings' | 'notRun'>

const replays = 'replay, error-laundering, copied-values, declared-writes'
const noFixture: Replayed = {
  findings: [],
  notRun: [{ check: replays, why: 'there is no fixture; `plumb record` writes one' }],
}
const needsAnAttempt: FunctionCheck['notRun'] = [
  {
    check: 'declared-operations, receipt-integrity',
    why: 'they need the signed receipts of a build',
  },
]

async function replayAll(
  one: ProjectFunction,
  fixtures: readonly { path: string; text: string }[],
  opened: Opened,
): Promise<Replayed> {
  const { loadFunction } = await import('@plumb/toolchain')
  const { project, pool, sandbox, signal } = opened
  try {
    const loaded = await loadFunction(one, { project, pool, signal })
    const provider = opened.providers.get(one.integration)?.provider ?? unknownProvider(one)
    const findings: Finding[] = []
    for (const fixture of fixtures)
      findings.push(...(await checkFixture({ loaded, fixture, provider, pool, sandbox, signal })))
    return { findings, notRun: [] }
  } catch (error) {
    if (!(error instanceof PlumbError) || error.code !== 'function-invalid') throw error
    return { findings: [], notRun: [{ check: replays, why: 'the function does not compile' }] }
  }
}

/** `tests/<name>.test.json` and `tests/<name>.<case>.test.json`. */
async function fixturesOf({ file, name }: ProjectFunction) {
  const folder = join(dirname(dirname(file)), 'tests')
  const names = await readdir(folder).catch(() => [] as string[])
  const own = names.filter(
    (each) => each === `${name}.test.json` || isCase(each.slice(0, -'.test.json'.length), name),
  )
  return Promise.all(
    own.sort().map(async (each) => {
      const path = join(folder, each)
      return { path, text: await readFile(path, 'utf8') }
    }),
  )
}

function isCase(stem: string, name: string): boolean {
  return stem.startsWith(`${name}.`) && /^[a-z0-9-]+$/.test(stem.slice(name.length + 1))
}

/** A fixture names paths below the base URL, so an address of nobody is enough to replay it. */
function unknownProvider({ integration }: ProjectFunction): Provider {
  const name = integration.toLowerCase().replace(/[^a-z0-9-]/g, '-')
  return providerSchema.parse({
    name,
    displayName: integration,
    auth: { mode: 'none' },
    proxy: { baseUrl: 'https://api.invalid' },
  })
}

function isHarmless({ severity }: Finding): boolean {
  return severity !== 'reject'
}
