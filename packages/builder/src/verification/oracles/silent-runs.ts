import type { Finding } from '@plumb/protocol'
import { keptIds, resultOf } from './execution-result.js'
import { keepsAnything, keepsOthers, mayBeMissing } from './kept-nothing.js'
import { knownIn } from './known-values.js'
import { leavesOf } from './leaves.js'
import { listOf } from './page-marks.js'
import { mutationCheck } from './mutation-findings.js'
import type { OracleInput } from './oracle.js'
import { callsOf } from './rehearsal.js'
import type { Rehearsal, Rehearsed } from './rehearsal.js'

type SilenceInput = { readonly rehearsal: Rehearsal; readonly baseline: Rehearsed }

/** A run that asks nobody, or that keeps nothing of what it was told: what is its result made of? */
export async function judgeSilence(input: OracleInput, o: SilenceInput): Promise<Finding[]> {
  const { baseline } = o
  const isSilent = callsOf(baseline.trail).length === 0
  const told = isSilent ? silence(input, baseline) : await nothingKept(input, o)
  if (told === null) return []
  const remedy = 'Ask the account, and build the result from what it answers.'
  return [{ check: mutationCheck, remedy, pointer: input.recorded.pointer, ...told }]
}

type Told = Pick<Finding, 'behaviour' | 'severity' | 'message'> & { readonly remedy?: string }

function silence(input: OracleInput, { execution, trail }: Rehearsed): Told | null {
  const recorded = input.recorded.recordings.length
  if (recorded > 0) {
    const message = `The function makes none of the ${recorded} recorded call(s).`
    return { behaviour: 'C6', severity: 'reject', message }
  }
  const asked = trail.some(
    (entry) => entry.kind === 'told' && !/^(log|save|update|delete)/.test(entry.method),
  )
  if (asked || input.compiled.definition.kind === 'on-event') return null
  if (execution.functionKind === 'sync') return silentSync(execution)
  return madeUp(input, { execution, trail, unused: 0, inFlight: [] })
}

function silentSync(execution: Rehearsed['execution']): Told {
  const kept = keptIds(execution).length
  if (kept === 0)
    return {
      behaviour: 'E8',
      severity: 'reject',
      message: 'The sync asks nobody and keeps nothing.',
    }
  const message = `The sync asks nobody, and saves ${kept} record(s).`
  return { behaviour: 'C1', severity: 'reject', message }
}

/** Some functions only work something out from their input. */
function madeUp({ recorded }: OracleInput, run: Rehearsed): Told | null {
  const known = knownIn(run, [recorded.input, recorded.metadata])
  const leaves = leavesOf(resultOf(run.execution)).filter(
    ({ value }) => typeof value === 'string' && value.length > 2,
  )
  const [first] = leaves
  if (!first || leaves.some(({ value }) => known.has(value))) return null
  const message = `The function asks nobody, and returns ${JSON.stringify(first.value)} as "${first.path.join('.')}".`
  return { behaviour: 'C1', severity: 'warn', message }
}

/** A sync that would keep something else has found nothing of what it looks for. */
async function nothingKept(
  input: OracleInput,
  { rehearsal, baseline }: SilenceInput,
): Promise<Told | null> {
  const { execution, trail } = baseline
  if (execution.functionKind !== 'sync' || keepsAnything(trail)) return null
  const calls = callsOf(trail)
  const listed = calls.reduce((sum, call) => sum + (listOf(call)?.items.length ?? 0), 0)
  if (listed === 0) return null
  const message = `The sync was answered ${listed} thing(s), and keeps none of them`
  const never = !/\bbatch(Save|Update|Delete)\b/.test(input.compiled.code)
  if (never) return { behaviour: 'C6', severity: 'reject', message: `${message}.` }
  // What it keeps it may have kept before, and what it does with a list may be to change it.
  const hasReason = input.recorded.checkpoint !== null || calls.some(({ write }) => write)
  if (hasReason || mayBeMissing(calls) || (await keepsOthers(input, rehearsal)))
    return { behaviour: 'C6', severity: 'warn', message: `${message}.` }
  return {
    behaviour: 'C6',
    severity: 'reject',
    message: `${message}, whatever they say.`,
    remedy:
      'Read them where the answer has them, and save them. If the sync looks for others, record it where there are some.',
  }
}
