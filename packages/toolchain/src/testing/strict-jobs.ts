import { PlumbError } from '@plumb/protocol'
import type { Provider } from '@plumb/protocol'
import { loadProviders } from '@plumb/providers'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { findFunctions } from '../project/find-functions.js'
import { functionId } from '../project/project-function.js'
import type { ProjectFunction } from '../project/project-function.js'
import { fixtureOf } from './fixture-of.js'
import { isGeneratedTest } from './generated-test.js'

/** One function to be replayed. */
export type ReplayJob = {
  readonly kind: 'replay'
  readonly file: string
  /** How messages name it. */
  readonly name: string
  readonly fixture: string
  readonly provider: Provider | null
}

export type StrictJobs = {
  readonly jobs: readonly ReplayJob[]
  /** Test files that say more than that the recording is met. */
  readonly files: readonly string[]
  /** Functions that have no fixture. */
  readonly untested: readonly string[]
}

/** What strict mode runs below `only`: a replay for every function, and the tests that people wrote. */
export async function strictJobs(only: string, files: readonly string[]): Promise<StrictJobs> {
  if (statSync(only).isFile() && files.includes(only)) return { jobs: [], files, untested: [] }
  const functions = await functionsIn(only)
  const providers = await loadProviders()
  const providerOf = ({ integration, linkedAs = [] }: ProjectFunction) =>
    [integration, ...linkedAs].map((name) => providers.get(name)?.provider).find(Boolean) ?? null
  const jobs = functions.flatMap((one): ReplayJob[] => {
    const fixture = fixtureOf(one)
    if (fixture === undefined) return []
    const provider = providerOf(one)
    return [{ kind: 'replay', file: one.file, name: functionId(one), fixture, provider }]
  })
  const tested = new Set(jobs.map(({ name }) => name))
  return {
    jobs,
    files: files.filter((file) => !isGeneratedTest(readFileSync(file, 'utf8'))),
    untested: functions.map(functionId).filter((name) => !tested.has(name)),
  }
}

async function functionsIn(directory: string): Promise<ProjectFunction[]> {
  try {
    return (await findFunctions(directory)).filter(({ file }) => existsSync(file))
  } catch (error) {
    if (error instanceof PlumbError && error.code === 'function-not-found') return []
    throw error
  }
}
