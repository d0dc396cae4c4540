import type { Finding } from '@plumb/protocol'
import { keptIds, resultOf } from './execution-result.js'
import { knownIn } from './known-values.js'
import { leavesOf } from './leaves.js'
import { listOf } from './page-marks.js'
import { mutationCheck } from './mutation-findings.js'
import type { OracleInput } from './oracle.js'
import { callsOf } from './rehearsal.js'
import type { Rehearsed } from './rehearsal.js'

/** A run that asks nobody, or that keeps nothing of what it was told: what is its result made of? */
export function judgeSilence(input: OracleInput, baseline: Rehearsed): Finding[] {
  const told =
    callsOf(baseline.trail).length === 0 ? silence(input, baseline) : nothingKept(input, baseline)
  if (told === null) return []
  const remedy = 'Ask the account, and build the result from what it answers.'
  return [{ check: mutationCheck, remedy, pointer: input.recorded.pointer, ...told }]
}

type Told = Pick<Finding, 'behaviour' | 'severity' | 'message'>

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

function nothingKept({ compiled }: OracleInput, { execution, trail }: Rehearsed): Told | null {
  if (execution.functionKind !== 'sync') return null
  const kept = trail.some(
    (entry) => entry.kind === 'told' && /^(save|update|delete)/.test(entry.method),
  )
  const listed = callsOf(trail).reduce((sum, call) => sum + (listOf(call)?.items.length ?? 0), 0)
  if (kept || listed === 0) return null
  const never = !/\bbatch(Save|Update|Delete)\b/.test(compiled.code)
  const message = `The sync was answered ${listed} thing(s), and keeps none of them.`
  return { behaviour: 'C6', severity: never ? 'reject' : 'warn', message }
}
