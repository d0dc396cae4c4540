import type { Execution } from '@plumb/protocol'
import { openRunnerPool, openSandbox } from '@plumb/runtime'
import type { ConnectionGateway, RunnerPool, StoppedWrite } from '@plumb/runtime'
import type { DryRun, LoadedFunction, Project, ProjectFunction } from '@plumb/toolchain'
import { defaultSettings } from '../settings/read-settings.js'
import { CloserStack } from '../build/closer-stack.js'
import type { OperationContext } from '../operations/operation.js'
import { readDryRunArguments } from './dry-run-input.js'
import type { DryRunArguments, DryRunFields } from './dry-run-input.js'
import { newExecutionId, openDryRunPlace } from './dry-run-place.js'
import type { DryRunPlace } from './dry-run-place.js'
import { findFunction } from './find-function.js'
import { fixturePath, writeFixture } from './write-fixture.js'

/** What `plumb dryrun` tells. */
export type DryRunReport = {
  readonly ok: boolean
  /** `write-stopped`: the function wanted to change the account, and was ended there. */
  readonly result: 'returned' | 'failed' | 'write-stopped' | 'access-lost'
  readonly execution: Execution
  readonly stoppedWrite: StoppedWrite | null
  readonly fixture: WrittenFixture | null
}

export type WrittenFixture = {
  readonly path: string
  readonly replaced: Readonly<Record<string, number>>
  readonly kept: readonly string[]
  readonly derived: readonly string[]
}

type Opened = {
  readonly given: DryRunFields
  readonly one: ProjectFunction
  readonly project: Project
  readonly place: DryRunPlace
  readonly pool: RunnerPool
  readonly context: OperationContext
}

/** Runs a function against an account, and records it when asked to. */
export async function runDryRun(
  given: DryRunFields & { readonly record: boolean; readonly execution?: string | undefined },
  context: OperationContext,
): Promise<DryRunReport> {
  const { directory } = context.config
  const args = await readDryRunArguments(given, directory)
  const { one, project } = await findFunction(given.function, { ...given, directory })
  const path = given.record ? fixturePath({ ...given, ...one }) : null
  const closers = new CloserStack()
  try {
    const integration = given.integration ?? one.integration
    const place = closers.add(await openDryRunPlace({ ...given, integration }, context))
    const sandbox = closers.add(await openSandbox())
    const { actionOutputBytes: mostOutputBytes } = context.config.settings ?? defaultSettings
    const pool = closers.add(await openRunnerPool({ sandbox, size: 1, mostOutputBytes }))
    const opened = { given, one, project, place, pool, context }
    const loaded = await loadedOf(opened)
    const ran =
      given.execution === undefined
        ? await run(opened, loaded, args)
        : await earlier(place, given.execution)
    const report = reportOf(ran)
    if (path === null || !report.ok) return report
    const { execution, gateway } = ran
    return { ...report, fixture: await record(opened, loaded, { path, execution, gateway }) }
  } finally {
    await closers.close()
  }
}

async function loadedOf({ one, project, pool, context }: Opened): Promise<LoadedFunction> {
  const { loadFunction } = await import('@plumb/toolchain')
  return loadFunction(one, { project, pool, signal: context.signal })
}

async function run(
  { given, place, pool, project, context }: Opened,
  { compiled }: LoadedFunction,
  args: DryRunArguments,
): Promise<DryRun> {
  const { dryRun, readState, recordsOf, writeState } = await import('@plumb/toolchain')
  const { readProjectConfig } = await import('@plumb/toolchain/compile')
  const { allow } = await readProjectConfig(project.root)
  const state = await readState(args.state)
  const records = recordsOf(state)
  const { allowWrites, variant, lastSyncDate } = given
  const ran = await dryRun({
    ...{ pool, compiled, records, allow, allowWrites, variant, lastSyncDate },
    ...{ metadata: args.metadata, now: Date.now, connect: place.connect },
    input: args.input === undefined ? emptyInput(compiled) : args.input,
    checkpoint: args.checkpoint ?? state.checkpoint,
    deadlineMs: given.timeout * 1000,
    signal: context.signal,
    executionId: newExecutionId(),
  })
  context.signal.throwIfAborted()
  await place.keep(ran.execution)
  if (args.state !== null) {
    const models = Object.keys(compiled.definition.models)
    await writeState(args.state, {
      checkpoint: ran.execution.endCheckpoint,
      records: Object.fromEntries(models.map((model) => [model, records.all(model)])),
    })
  }
  return ran
}

/** Without `--input` an object is tried without members, so that the error names the first that is missing. */
function emptyInput({ definition }: LoadedFunction['compiled']): unknown {
  return definition.inputSchema?.['type'] === 'object' ? {} : null
}

/** A run that was made before, as if it had just ended. */
async function earlier(place: DryRunPlace, id: string): Promise<DryRun> {
  const execution = await place.execution(id)
  const gateway = await place.reconnect(execution)
  return { execution, gateway, stoppedWrite: null, accessLost: null }
}

function reportOf({ execution, stoppedWrite, accessLost }: DryRun): DryRunReport {
  const failed = execution.outcome.kind === 'returned' ? 'returned' : 'failed'
  const result =
    stoppedWrite !== null ? 'write-stopped' : accessLost !== null ? 'access-lost' : failed
  return { ok: result === 'returned', result, execution, stoppedWrite, fixture: null }
}

type ToRecord = {
  readonly path: string
  readonly execution: Execution
  readonly gateway: Pick<ConnectionGateway, 'connection' | 'provider'>
}

async function record(
  { place, pool, project, context }: Opened,
  { compiled, source }: LoadedFunction,
  { path, execution, gateway }: ToRecord,
): Promise<WrittenFixture> {
  const { readProjectSalt, recordFixture } = await import('@plumb/toolchain')
  const { fixture, ...told } = await recordFixture({
    ...{ execution, compiled, source, pool, signal: context.signal },
    receipts: await place.receipts(execution.id),
    baseUrl: await place.baseUrl(gateway as ConnectionGateway),
    connection: gateway.connection,
    provider: gateway.provider,
    salt: await readProjectSalt(project.root),
  })
  await writeFixture(path, fixture)
  return { path, ...told }
}
