import { PlumbError } from '@plumb/protocol'
import type { Provider } from '@plumb/protocol'
import type { RunnerPool } from '@plumb/runtime'
import { functionId, loadFunction, openProject } from '@plumb/toolchain'
import type { Project, ProjectFunction } from '@plumb/toolchain'
import { askAccount } from './ask-account.js'
import type { ProjectAccount } from './ask-account.js'
import { liveOracleNames, oracleNames } from './oracles/oracle.js'
import type { OracleName, OracleResult } from './oracles/oracle.js'
import { runOracles } from './oracles/run-oracles.js'
import { readCase } from './recorded-cases.js'
import { compareRecorded } from './recorded-result.js'

export type ProjectVerificationInput = {
  /** A project, one integration folder, or one file. */
  readonly directory: string
  /** Default: all that need no live account. */
  readonly oracles?: readonly OracleName[]
  /** The provider of an integration, by the integration's name. */
  readonly providers: ReadonlyMap<string, Provider>
  /** The connected account of an integration, by the name of its folder; null for none. */
  readonly accountOf?: (integration: string) => Promise<ProjectAccount | null>
  readonly pool: RunnerPool
  readonly ids: () => string
  readonly signal: AbortSignal
  readonly onProgress?: (done: number, all: number) => void
}

export type FunctionVerification = {
  /** `<integration>/actions/<name>`. */
  readonly function: string
  readonly verdict: 'accepted' | 'rejected' | 'unproven'
  readonly results: readonly OracleResult[]
  /** Oracles that were not asked at all. */
  readonly notAsked: readonly { readonly oracle: string; readonly why: string }[]
}

export type ProjectVerification = {
  readonly directory: string
  readonly functions: readonly FunctionVerification[]
  readonly accepted: number
  readonly rejected: number
  /** Functions about which no oracle could say anything. */
  readonly unproven: number
}

const deadlineMs = 20_000

/** What the oracles of a build ask for beyond recordings. */
const live = liveOracleNames.map((oracle) => ({
  oracle,
  why: 'it needs a connected account',
}))

/** Puts every function of a folder that has recordings before the oracles. Throws `function-not-found`. */
export async function verifyProject(input: ProjectVerificationInput): Promise<ProjectVerification> {
  const project = await openProject(input.directory)
  const functions: FunctionVerification[] = []
  for (const one of project.functions) {
    input.signal.throwIfAborted()
    functions.push(await verifyOne(one, project, input))
    input.onProgress?.(functions.length, project.functions.length)
  }
  const count = (verdict: FunctionVerification['verdict']): number =>
    functions.filter((one) => one.verdict === verdict).length
  return {
    directory: project.root,
    functions,
    accepted: count('accepted'),
    rejected: count('rejected'),
    unproven: count('unproven'),
  }
}

async function verifyOne(
  one: ProjectFunction,
  project: Project,
  input: ProjectVerificationInput,
): Promise<FunctionVerification> {
  const names = input.oracles ?? oracleNames
  const asked = await resultsOf(one, project, input).catch((error: unknown) => {
    if (error instanceof PlumbError && error.code !== 'cancelled') return error.message
    throw error
  })
  if (typeof asked === 'string') {
    const notAsked = [...names.map((oracle) => ({ oracle, why: asked })), ...live]
    return { function: functionId(one), verdict: 'unproven', results: [], notAsked }
  }
  const notAsked = live.filter(({ oracle }) => !asked.some((result) => result.oracle === oracle))
  return { function: functionId(one), verdict: verdictOf(asked), results: asked, notAsked }
}

async function resultsOf(
  one: ProjectFunction,
  project: Project,
  input: ProjectVerificationInput,
): Promise<OracleResult[] | string> {
  const { pool, signal, ids, providers } = input
  const named = [one.integration, ...(one.linkedAs ?? [])].map((name) => providers.get(name))
  const found = await readCase(one, named.find(Boolean) ?? null)
  if (found === null)
    return 'there is no recording of it: neither tests/<name>.test.json nor mocks/'
  const { compiled } = await loadFunction(one, { project, pool, signal })
  const order = { compiled, pool, signal, ids, deadlineMs, declared: null, anyHost: true }
  const results = await runOracles({ ...found, ...order }, input.oracles)
  if (input.oracles === undefined) {
    results.push(...(await compareRecorded({ ...found, ...order }, found.expected)))
  }
  const account = (await input.accountOf?.(one.integration)) ?? null
  if (account === null) return results
  return [...results, ...(await askAccount({ ...found, ...order }, account))]
}

function verdictOf(results: readonly OracleResult[]): FunctionVerification['verdict'] {
  const ran = results.filter((result) => result.ran)
  if (ran.length === 0) return 'unproven'
  const isRejected = ran.some(({ findings }) =>
    findings.some(({ severity }) => severity === 'reject'),
  )
  return isRejected ? 'rejected' : 'accepted'
}
