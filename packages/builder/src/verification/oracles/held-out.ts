import type { Execution, Finding } from '@plumb/protocol'
import { executeFunction } from '@plumb/runtime'
import { runClockOf } from '@plumb/toolchain'
import { failureText, returned } from './execution-result.js'
import { freshInput } from './fresh-input.js'
import type { FreshInput } from './fresh-input.js'
import { judgeLiveRun } from './judge-live-run.js'
import { leavesOf } from './leaves.js'
import type { LiveAccount, LiveRun } from './live-account.js'
import type { Oracle, OracleInput, OracleResult } from './oracle.js'
import { callsOf, openRehearsal } from './rehearsal.js'
import type { Call } from './rehearsal.js'
import { addressTexts, bodyTexts } from './value-origins.js'

/** Does the function do in the account, with an input that it has not seen, what it did in its recording? */
export const heldOut: Oracle = { name: 'held-out', run }

async function run(input: OracleInput): Promise<OracleResult> {
  const { live } = input
  if (live === undefined) return cannot('it needs a connected account')
  const rehearsal = openRehearsal(input)
  const { execution: baseline, trail } = await rehearsal.run()
  if (!returned(baseline)) {
    return cannot(`the function does not repeat its recording: ${failureText(baseline)}`)
  }
  const trial = { input, live, writes: callsOf(trail).filter(({ write }) => write) }
  if (trial.writes.length > 0 && live.writes === 0)
    return cannot('it changes the account, which it may not here')
  const { measurements } = rehearsal
  const findings: Finding[] = []
  for (const width of ['wide', 'narrow'] as const) {
    const fresh = await freshInput({ input, live, writes: trial.writes.length > 0, width })
    const refusal = refusalOf(trial, fresh)
    if (refusal !== null) return cannot(refusal)
    const ran = await runLive(trial, fresh)
    live.runs.push(ran)
    findings.splice(0, findings.length, ...judgeLiveRun({ ...trial, baseline, ran }))
    // An account may refuse what only looks right; then as little as possible is another.
    if (returned(ran.execution)) break
  }
  return { oracle: 'held-out', ran: true, findings, measurements: sumOf(measurements, live.runs) }
}

type Trial = {
  readonly input: OracleInput
  readonly live: LiveAccount
  /** Of the recorded run. */
  readonly writes: readonly Call[]
}

function cannot(why: string): OracleResult {
  return { oracle: 'held-out', ran: false, why }
}

/** Why the function may not be run with this input; null when it may. */
function refusalOf({ input, writes }: Trial, { fresh, made }: FreshInput): string | null {
  // A function without input, such as a sync, sees what the account holds today.
  const asks = leavesOf(input.recorded.input).some(({ value }) => value !== null)
  if (fresh.size === 0 && (asks || writes.length > 0))
    return 'nothing in its input could be another'
  const replaced = [...fresh].filter(([, value]) => made.has(value)).map(([text]) => text)
  const taken = writes.filter(isDestructive).filter((call) => {
    const texts = textsOf(call)
    return !replaced.some((text) => texts.includes(text))
  })
  return taken.length === 0 ? null : 'it deletes, and nothing to be deleted could be made'
}

const destructive = /(^|[/_.:-])(delete|remove|archive|purge|trash|kick|revoke)([/_.:-]|$)/i

function isDestructive({ asked: { request } }: Call): boolean {
  return request.method === 'DELETE' || destructive.test(request.endpoint)
}

function textsOf({ asked: { request } }: Call): string[] {
  const url = new URL(request.endpoint, 'https://any.invalid')
  const body = request.body?.encoding === 'utf8' ? request.body : null
  const sent = { request: { body } } as Parameters<typeof bodyTexts>[0]
  const query = request.query.map(([, value]) => value)
  return [...addressTexts(url.href), ...query, ...bodyTexts(sent)]
}

async function runLive(
  { input, live }: Trial,
  { input: value, fresh }: FreshInput,
): Promise<LiveRun> {
  const executionId = input.ids()
  const gateway = await live.open({ executionId, writes: live.writes })
  const execution: Execution = await executeFunction({
    ...{ gateway, pool: input.pool, compiled: input.compiled, purpose: 'verification' },
    input: value,
    metadata: input.recorded.metadata,
    checkpoint: input.recorded.checkpoint,
    clock: runClockOf({ id: executionId, startedAt: live.now() }),
    deadlineMs: input.deadlineMs,
    signal: input.signal,
    ids: { executionId },
  })
  await live.keep(execution)
  return { execution, receipts: await live.receipts(executionId), fresh }
}

function sumOf(own: { runs: number; cpuMs: number }, live: readonly LiveRun[]) {
  const cpuMs = live.reduce((sum, { execution }) => sum + (execution.cpuMs ?? 0), own.cpuMs)
  return { runs: own.runs + live.length, cpuMs }
}
