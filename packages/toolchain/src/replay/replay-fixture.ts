import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fixtureSchema, PlumbError, providerSchema } from '@plumb/protocol'
import type { Execution, Fixture, Provider } from '@plumb/protocol'
import { compileFunction } from '../compile/compile-function.js'
import { recordedOf, replayRecorded } from './replay-recorded.js'
import { openInProcessPool } from './in-process-pool.js'

export type FixtureReplayFiles = {
  /** The function's TypeScript file. */
  readonly function: string | URL
  /** `tests/<name>.test.json`. */
  readonly fixture: string | URL
  /** `provider.json` of the integration. */
  readonly provider: string | URL
}

export type FixtureReplay = {
  /** Why the function failed; null when it returned. */
  readonly failure: string | null
  readonly output: unknown
  readonly records: Execution['records']
  readonly recorded: { readonly output: unknown; readonly records: Execution['records'] }
  /** Recorded exchanges that were not asked for, as `METHOD url`. */
  readonly unused: readonly string[]
  /** Requests that were never recorded, each with the nearest recording. */
  readonly unknown: readonly string[]
}

/** Runs a function strictly against its recording, in this process, with time and randomness as they were. */
export async function replayFixture(files: FixtureReplayFiles): Promise<FixtureReplay> {
  const source = await readText(files.function)
  const fixture: Fixture = fixtureSchema.parse(JSON.parse(await readText(files.fixture)))
  const provider: Provider = providerSchema.parse(JSON.parse(await readText(files.provider)))
  const pool = openInProcessPool()
  const fileName = basename(pathOf(files.function))
  const result = await compileFunction({ source, fileName, pool })
  if (result.kind === 'failed')
    throw invalid(
      fileName,
      result.diagnostics.map(({ message }) => message),
    )
  const { compiled } = result
  const { signal } = new AbortController()
  const ids = () => 'fixture'
  const replay = await replayRecorded({
    fixture,
    provider,
    compiled,
    pool,
    deadlineMs: 60_000,
    ids,
    signal,
  })
  const { outcome, records } = replay.execution
  return {
    failure: outcome.kind === 'returned' ? null : JSON.stringify(outcome),
    output: outcome.kind === 'returned' ? outcome.output : null,
    records,
    recorded: recordedOf(fixture, compiled.definition),
    unused: replay.unused.map(({ request }) => `${request.method} ${request.url}`),
    unknown: replay.unknown.map(({ message }) => message),
  }
}

function pathOf(file: string | URL): string {
  return typeof file === 'string' ? file : fileURLToPath(file)
}

function readText(file: string | URL): Promise<string> {
  return readFile(pathOf(file), 'utf8')
}

function invalid(fileName: string, messages: readonly string[]): PlumbError {
  return new PlumbError({
    code: 'function-invalid',
    message: `${fileName} does not compile: ${messages.join('\n')}`,
    remedy: 'Correct the function, then run the test again.',
  })
}
