import { canonicalJson } from '@plumb/protocol'
import type { Execution } from '@plumb/protocol'
import { deletedIds, keptIds } from './execution-result.js'
import type { FaultEvidence, Told } from './fault-evidence.js'
import type { Call, Rehearsed, TrailEntry } from './rehearsal.js'

/** What a sync has changed until it failed must be true. */
export function judgeProgress(evidence: FaultEvidence): Told[] {
  if (evidence.input.compiled.definition.kind !== 'sync') return []
  return [...judgeDeletes(evidence), ...judgeCheckpoint(evidence)]
}

function judgeDeletes({ faulted, baseline, target, fault }: FaultEvidence): Told[] {
  const right = new Set(deletedIds(baseline.execution))
  const wrong = deletedIds(faulted.execution).filter((id) => !right.has(id))
  if (wrong.length === 0 || lookedThrough(baseline.trail, target)) return []
  const what = `the sync deleted ${wrong.length} record(s) that it had not looked for to the end`
  return [{ behaviour: 'E6', severity: severityOf(fault), what }]
}

/** To a client an empty body reads like an empty list. */
function severityOf(fault: FaultEvidence['fault']): 'warn' | 'reject' {
  return fault.kind === 'nonsense' && fault.body === 'empty' ? 'warn' : 'reject'
}

/** The undisturbed run had ended its search before this call. */
function lookedThrough(trail: readonly TrailEntry[], target: Call): boolean {
  const until = trail.findIndex(
    (entry) => entry.kind === 'asked' && entry.asked.index === target.asked.index,
  )
  return trail
    .slice(0, until)
    .some((entry) => entry.kind === 'told' && /^(trackDeletesEnd|deleteUnsaved)/.test(entry.method))
}

function judgeCheckpoint({ faulted, baseline, fault }: FaultEvidence): Told[] {
  const end = faulted.execution.endCheckpoint
  const start = faulted.execution.startCheckpoint
  if (end === null || canonicalJson(end) === canonicalJson(start)) return []
  const whole = canonicalJson(end) === canonicalJson(baseline.execution.endCheckpoint)
  const kept = new Set(keptIds(faulted.execution))
  const missing = keptIds(baseline.execution).filter((id) => !kept.has(id))
  if (!whole || missing.length === 0 || savedBefore(faulted.execution, baseline, end)) return []
  const what = `the checkpoint moved past ${missing.length} record(s) that were not saved`
  return [{ behaviour: 'E5', severity: severityOf(fault), what }]
}

/** The uninterrupted run had this checkpoint already when it had no more records than these. */
function savedBefore(faulted: Execution, { trail }: Rehearsed, end: unknown): boolean {
  const kept = keptIds(faulted).length
  let saved = 0
  for (const entry of trail) {
    if (entry.kind !== 'told') continue
    if (/^(save|update)Records$/.test(entry.method)) saved += listOf(entry.args).length
    if (entry.method !== 'saveCheckpoint' || saved > kept) continue
    if (canonicalJson(Reflect.get(Object(entry.args), 'checkpoint')) === canonicalJson(end))
      return true
  }
  return false
}

function listOf(args: unknown): readonly unknown[] {
  const records: unknown = Reflect.get(Object(args), 'records')
  return Array.isArray(records) ? records : []
}
