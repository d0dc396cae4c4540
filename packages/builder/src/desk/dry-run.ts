import type { BlockedCause, CompiledFunction, Execution, Json, JsonObject } from '@plumb/protocol'
import { executeFunction } from '@plumb/runtime'
import { saveExecution } from '@plumb/store'
import type { Diagnostic } from '@plumb/toolchain'
import { compileFunction, runClockOf } from '@plumb/toolchain'
import type { AccessLost, BoxDryRun, BoxDryRunInput } from '../workspace/box-actions.js'
import { loseAccess } from './lose-access.js'
import type { DeskState } from './desk-state.js'
import type { DeskTools } from './desk-tools.js'
import { readFunction } from './exported-submission.js'

/** Time one dry run may take, in milliseconds. */
const deadlineMs = 60_000
const sampleSize = 2

/** `plumb dryrun`: runs the workspace's function against the test account and keeps everything it did. */
export async function dryRun(
  tools: DeskTools,
  state: DeskState,
  { input, signal }: { input: BoxDryRunInput; signal: AbortSignal },
): Promise<BoxDryRun | AccessLost> {
  const source = await readFunction(tools.workspace)
  const { pool, interaction } = tools
  const result = await compileFunction({
    source,
    fileName: 'function.ts',
    name: interaction.id,
    pool,
  })
  if (result.kind === 'failed') return notCompiled(result.diagnostics)
  const execution = await runOnce(tools, state, { compiled: result.compiled, input, signal })
  await saveExecution(tools.db, execution)
  const { ending } = state
  if (ending?.kind === 'access-lost') {
    return { kind: 'access-lost', message: ending.cause.message, remedy: ending.cause.remedy }
  }
  return summarise(execution)
}

type Order = { compiled: CompiledFunction; input: BoxDryRunInput; signal: AbortSignal }

async function runOnce(
  tools: DeskTools,
  state: DeskState,
  { compiled, input, signal }: Order,
): Promise<Execution> {
  const { integration, id } = tools.brief.connection
  const executionId = tools.newId('exe')
  const gateway = await tools.gateway.forConnection({
    integrationKey: integration,
    connectionId: id,
    attemptId: tools.attemptId,
    executionId,
    purpose: 'dryrun',
    ...writeLimitOf(tools, compiled),
  })
  let lost: BlockedCause | null = null
  const execution = await executeFunction({
    pool: tools.pool,
    gateway,
    compiled,
    purpose: 'dryrun',
    attemptId: tools.attemptId,
    input: input.input,
    metadata: input.metadata ?? {},
    checkpoint: input.checkpoint,
    deadlineMs,
    signal,
    ids: { executionId },
    clock: runClockOf({ id: executionId, startedAt: tools.now() }),
    onAccessLost: (cause) => {
      lost = cause
    },
  })
  if (lost !== null) await loseAccess(tools, state, lost)
  return execution
}

/** A sync reads; an action may write as often as its brief says, or once where the brief is silent. */
function writeLimitOf({ interaction }: DeskTools, { definition }: CompiledFunction) {
  const { writes } = interaction
  if (typeof writes === 'number') return { writeLimit: writes }
  if (writes === false || definition.kind === 'sync') return { allowWrites: false }
  return { writeLimit: 1 }
}

function notCompiled(diagnostics: readonly Diagnostic[]): BoxDryRun {
  const [first] = diagnostics
  const message = first?.message ?? 'The function does not compile.'
  return {
    executionId: null,
    ok: false,
    outcome: {
      kind: 'threw',
      error: { type: 'error', message, payload: { diagnostics }, status: null, stack: null },
    },
    calls: [],
    records: {},
    endCheckpoint: null,
    logs: [],
    validation: diagnostics.map(({ line, column, message: text, remedy }) => ({
      line,
      column,
      message: text,
      remedy,
    })),
  }
}

function summarise(execution: Execution): BoxDryRun {
  const { outcome } = execution
  const invalid = outcome.kind === 'threw' && outcome.error.type === 'validation'
  return {
    executionId: execution.id,
    ok: outcome.kind === 'returned',
    outcome,
    calls: execution.calls,
    records: Object.fromEntries(
      Object.entries(execution.records).map(([model, changes]) => [model, counts(changes)]),
    ),
    endCheckpoint: execution.endCheckpoint,
    logs: execution.logs.map((line): Json => ({ ...line })),
    validation: invalid ? (outcome.error.payload as Json) : null,
  }
}

function counts(changes: Execution['records'][string]): Json {
  const saved: readonly JsonObject[] = changes.saved
  return {
    saved: saved.length,
    updated: changes.updated.length,
    deleted: changes.deleted.length,
    sample: saved.slice(0, sampleSize),
  }
}
