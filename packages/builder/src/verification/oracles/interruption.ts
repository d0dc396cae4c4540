import { canonicalJson } from '@plumb/protocol'
import type { Execution, Finding } from '@plumb/protocol'
import { RecordSet } from '@plumb/runtime'
import { endAfterCheckpoints } from './early-checkpoints.js'
import { deletedIds, keptIds, returned } from './execution-result.js'
import { leavesOf } from './leaves.js'
import { callsOf } from './rehearsal.js'
import type { Rehearsed } from './rehearsal.js'
import { jsonOf } from './response-leaves.js'
import type { InterruptionInput } from './interruption-input.js'

/** Ends a sync between its calls, starts it again where it stood, and compares with the run that was left alone. */
export async function interrupt(o: InterruptionInput): Promise<Finding[]> {
  const count = callsOf(o.baseline.trail).length
  const points = [...new Set([0, 1, count - 1])].filter((at) => at >= 0 && at < count)
  const findings: Finding[] = []
  for (const at of points) findings.push(...(await interruptAt(o, at)))
  findings.push(...(await endAfterCheckpoints(o)))
  if (findings.length === 0) findings.push(...(await runAgain(o)))
  return onePerBehaviour(findings)
}

async function interruptAt(o: InterruptionInput, at: number): Promise<Finding[]> {
  const records = new RecordSet()
  const first = await o.rehearsal.run({ crashAt: at, records })
  const { endCheckpoint } = first.execution
  const second = await o.rehearsal.run({ checkpoint: endCheckpoint, records, lenient: true })
  const guessed = callsOf(second.trail).some((call) => call.guessed)
  if (refused(second)) return []
  const { pointer } = o.input.recorded
  const place = `Ended before call ${at + 1} and started again`
  const report = (told: Pick<Finding, 'behaviour' | 'severity' | 'message'>): Finding => {
    return { check: 'crash-resume', remedy: remedies[told.behaviour] ?? null, pointer, ...told }
  }
  const severity = guessed ? 'warn' : 'reject'
  if (!returned(second.execution)) return []
  const lost = missingIn(o.baseline.execution, [first.execution, second.execution])
  const findings: Finding[] = []
  if (lost.length > 0) {
    const message = `${place}, the sync has ${lost.length} record(s) less than without the interruption (${lost[0]}).`
    findings.push(report({ behaviour: 'E5', severity, message }))
  }
  const deleted = wronglyDeleted(o.baseline.execution, second.execution)
  if (deleted.length > 0) {
    const message = `${place}, the sync deleted ${deleted.length} record(s) that are still there (${deleted[0]}).`
    findings.push(report({ behaviour: 'E6', severity, message }))
  }
  // Before anything was kept, a checkpoint can only say where to begin.
  const progressed = keptIds(first.execution).length > 0
  if (progressed && isUnused(o, { checkpoint: endCheckpoint, second })) {
    const message = `${place}, the sync made all its calls again, though it had saved the checkpoint ${JSON.stringify(endCheckpoint)}.`
    findings.push(report({ behaviour: 'E5', severity: 'reject', message }))
  }
  return findings
}

const remedies: Readonly<Partial<Record<Finding['behaviour'], string>>> = {
  E5: 'Save the checkpoint after the records it stands for, and begin with what getCheckpoint gives.',
  E6: 'Open the delete window only when the walk begins, and close it after the last page.',
}

/** A run after a complete one must make use of the checkpoint that it left. */
async function runAgain(o: InterruptionInput): Promise<Finding[]> {
  const checkpoint = o.baseline.execution.endCheckpoint
  if (checkpoint === null) return []
  const second = await o.rehearsal.run({ checkpoint, lenient: true })
  if (refused(second) || !isUnused(o, { checkpoint, second })) return []
  return [
    {
      check: 'crash-resume',
      behaviour: 'E5',
      severity: 'reject',
      message: `The next run makes the same calls as the first, though the checkpoint ${JSON.stringify(checkpoint)} was saved.`,
      remedy: remedies.E5 ?? null,
      pointer: o.input.recorded.pointer,
    },
  ]
}

function refused({ trail }: Rehearsed): boolean {
  return callsOf(trail).some(({ answer }) => answer.kind === 'refused')
}

/** The same calls and the same records as a run that starts from nothing. */
function isUnused(
  { baseline }: InterruptionInput,
  { checkpoint, second }: { checkpoint: Execution['endCheckpoint']; second: Rehearsed },
): boolean {
  if (checkpoint === null || leavesOf(checkpoint).every(({ value }) => !value)) return false
  if (canonicalJson(checkpoint) === canonicalJson(baseline.execution.startCheckpoint)) return false
  return (
    requestsOf(second, baseline) === requestsOf(baseline, baseline) &&
    canonicalJson(keptIds(second.execution)) === canonicalJson(keptIds(baseline.execution))
  )
}

/** Headers that ask for what is new only, or for what comes next. */
const asking = /^(if-none-match|if-modified-since)$|cursor|continuation|page-?token/i

function requestsOf({ trail }: Rehearsed, baseline: Rehearsed): string {
  const said = saidBy(baseline)
  return canonicalJson(
    callsOf(trail).map(({ asked: { request } }) => [
      request.method,
      request.endpoint,
      request.query,
      request.body,
      Object.entries(request.headers).filter(
        ([name, value]) => asking.test(name) && said.has(value),
      ),
    ]),
  )
}

/** What the answers of a run say: a header that was made up asks for nothing. */
function saidBy({ trail }: Rehearsed): ReadonlySet<string> {
  const answers = callsOf(trail).flatMap(({ answer }) =>
    answer.kind === 'answered' ? [answer.response] : [],
  )
  return new Set(
    answers.flatMap(({ headers, body }) =>
      leavesOf([headers, jsonOf(body)]).map(({ value }) => String(value)),
    ),
  )
}

function missingIn(whole: Execution, parts: readonly Execution[]): string[] {
  const kept = new Set(parts.flatMap(keptIds))
  return keptIds(whole).filter((id) => !kept.has(id))
}

function wronglyDeleted(whole: Execution, second: Execution): string[] {
  const right = new Set(deletedIds(whole))
  const there = new Set(keptIds(whole))
  return deletedIds(second).filter((id) => there.has(id) && !right.has(id))
}

function onePerBehaviour(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>()
  return findings.filter(({ behaviour }) => !seen.has(behaviour) && seen.add(behaviour))
}
