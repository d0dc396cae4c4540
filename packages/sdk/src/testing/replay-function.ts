import { PlumbError } from '@plumb/protocol'
import type { ErrorCode, Provider, RunClock } from '@plumb/protocol'
import { withStoppedClock } from '../replay/stopped-clock.js'
import type { Recording } from '../replay/recording.js'
import { functionOf } from '../runner/function-definition.js'
import type { AnyFunction } from '../runner/function-definition.js'
import { runFunction } from '../runner/run-function.js'
import { differences } from './differences.js'
import { ReplayHost } from './replay-host.js'
import type { ChangedRecords } from './replay-records.js'
import { readRecordedRun } from './read-recorded-run.js'
import type { FixtureSource } from './read-recorded-run.js'
import type { RecordedRun } from './recorded-run.js'

/** A function of whatever schemas, under the types of either entry of the SDK. */
export type Replayable = {
  readonly description: string
  readonly exec: (...args: never) => unknown
}

export type ReplayOptions = {
  /** What `createAction`, `createSync` or `createOnEvent` returned, or the module that exports it. */
  readonly function: Replayable | { readonly default: Replayable }
  /** `tests/<name>.test.json`, `mocks/<name>`, or the fixture itself. */
  readonly fixture: FixtureSource
  /** The provider's entry: its base URL, pagination and hosts. */
  readonly provider?: Provider
  /** Instead of the recorded input. */
  readonly input?: unknown
  /** Instead of the recorded time and seed. */
  readonly clock?: RunClock
}

export type FunctionReplay = {
  readonly output: unknown
  /** By model. */
  readonly records: Readonly<Record<string, ChangedRecords>>
}

/**
 * Runs a function with the live client over its recording, and compares what comes out. Throws what the function throws,
 * or PlumbError `replay-unknown-request`, `replay-unused-recording`, `replay-difference`, `fixture-missing`.
 */
export async function replayFunction(options: ReplayOptions): Promise<FunctionReplay> {
  const { provider = null } = options
  const declared = functionOf(options.function)
  const run = readRecordedRun(options.fixture, provider)
  const host = new ReplayHost(run, provider)
  const input = 'input' in options ? options.input : run.input
  const output = await withStoppedClock(options.clock ?? clockOf(run), () =>
    runFunction(declared, host, input ?? null),
  ).catch((error: unknown) => {
    throw host.transport.unknown()[0] ?? error
  })
  const records = host.records.changed()
  judge(declared, run, { host, output, records })
  return { output, records }
}

function judge(
  declared: AnyFunction,
  run: RecordedRun,
  got: FunctionReplay & { readonly host: ReplayHost },
): void {
  const [unknown] = got.host.transport.unknown()
  if (unknown !== undefined) throw unknown
  const unused = got.host.transport.unused()
  if (unused.length > 0) throw leftOver(unused, run)
  const found = declared.kind === 'sync' ? recordDifferences(run, got) : outputDifferences(run, got)
  if (found.length > 0) throw differs(found, run)
}

function outputDifferences({ output }: RecordedRun, got: FunctionReplay): string[] {
  return output === undefined ? [] : differences(output, got.output, 'output')
}

const batches = { batchSave: 'saved', batchUpdate: 'updated', batchDelete: 'deleted' } as const

function recordDifferences({ members }: RecordedRun, { records }: FunctionReplay): string[] {
  return Object.entries(batches).flatMap(([member, kind]) => {
    const recorded = (members[member] ?? {}) as Readonly<Record<string, unknown>>
    const models = new Set([...Object.keys(recorded), ...Object.keys(records)])
    return [...models].flatMap((model) => {
      const got = records[model]?.[kind] ?? []
      return differences(recorded[model] ?? [], got, `${member}.${model}`)
    })
  })
}

/** The recorded time and seed; older fixtures tell the time by the first answer's date. */
function clockOf({ members, recordings }: RecordedRun): RunClock {
  const { now, seed } = (members['recorded'] ?? {}) as { now?: string; seed?: string }
  return { now: now ?? firstDate(recordings).toISOString(), seed: seed ?? 'fixture' }
}

function firstDate(recordings: readonly Recording[]): Date {
  const dates = recordings.flatMap(({ answer }) => {
    const date = answer.kind === 'response' ? Date.parse(answer.headers['date'] ?? '') : NaN
    return Number.isNaN(date) ? [] : [date]
  })
  return new Date(dates.length === 0 ? 0 : Math.min(...dates))
}

function leftOver(unused: readonly Recording[], run: RecordedRun): PlumbError {
  const calls = unused.map(({ request }) => `${request.method} ${request.url}`)
  return failed('replay-unused-recording', {
    message: `${calls.length} recorded call(s) were not made: ${calls.slice(0, 5).join(', ')} (${run.source}).`,
    remedy: 'Make the same calls as in the recorded run, or record the function again.',
  })
}

function differs(found: readonly string[], run: RecordedRun): PlumbError {
  return failed('replay-difference', {
    message: `The result is not the recorded one (${run.source}):\n${found.join('\n')}`,
    remedy: 'Correct the function, or record it again when the change is meant.',
  })
}

function failed(code: ErrorCode, told: { message: string; remedy: string }): PlumbError {
  return new PlumbError({ code, ...told })
}
