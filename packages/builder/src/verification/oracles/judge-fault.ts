import { canonicalJson } from '@plumb/protocol'
import type { Finding } from '@plumb/protocol'
import { keptIds, resultOf, returned } from './execution-result.js'
import type { FaultEvidence, Told } from './fault-evidence.js'
import { faultText } from './faults.js'
import { judgeProgress } from './judge-progress.js'
import { judgeWrites } from './judge-writes.js'
import { leavesOf } from './leaves.js'
import type { Leaf } from './leaves.js'
import { callsOf } from './rehearsal.js'
import { jsonOf } from './response-leaves.js'
import { givenLeaves } from './vary-given.js'

/** What a run with one failing call says about the function. */
export function judgeFault(evidence: FaultEvidence): Finding[] {
  const told = [...judgeOutcome(evidence), ...judgeWrites(evidence), ...judgeProgress(evidence)]
  const { method, endpoint } = evidence.target.asked.request
  const isSure = evidence.fault.kind !== 'soft' || evidence.fault.error.sure
  return told.map(({ what, severity, ...finding }) => ({
    ...finding,
    severity: isSure ? severity : 'warn',
    check: 'fault-sweep',
    message: `${method} ${endpoint} answered ${faultText(evidence.fault)}, and ${what}.`,
    remedy: remedies[finding.behaviour] ?? null,
    pointer: evidence.input.recorded.pointer,
  }))
}

const remedies: Readonly<Partial<Record<Finding['behaviour'], string>>> = {
  D1: 'Let 401 and 403 through: nothing but a new connection helps.',
  D2: 'Let the error through. A status that says that there is nothing is named in "expectedStatus" of the call (in a build also in "expectedStatuses" of the brief), and answered with null.',
  D3: 'Let the error through; a list that could not be read is not an empty list.',
  D6: 'Make each change once, and read its result from the answer.',
  D7: 'Let the error through: whether the change was made is not known.',
  E5: 'Save the checkpoint after the records it stands for.',
  E6: 'Delete only after every page was read.',
}

function judgeOutcome(evidence: FaultEvidence): Told[] {
  const { faulted, fault } = evidence
  if (!returned(faulted.execution)) return []
  if (fault.kind === 'soft') return judgeSoft(evidence)
  return fault.kind === 'status' ? judgeStatus(evidence, fault.status) : judgeResult(evidence, null)
}

function judgeStatus(evidence: FaultEvidence, status: number): Told[] {
  if (evidence.input.declared?.expectedStatuses?.includes(status))
    return inventions(evidence, 'warn')
  if (status === 401 || status === 403) {
    return [{ behaviour: 'D1', severity: 'reject', what: 'the function returned all the same' }]
  }
  const inCode = evidence.target.asked.request.expectedStatus.includes(status)
  return inCode && status < 429 ? judgeAbsence(evidence, status) : judgeResult(evidence, status)
}

/** People often read such an answer as an empty one; for what was asked of an agent that is no excuse. */
function judgeSoft(evidence: FaultEvidence): Told[] {
  if (saysMore(evidence)) return []
  const told = judgeResult(evidence, null)
  if (evidence.input.declared !== null) return told
  return told.map((one) => (one.behaviour === 'D2' ? one : { ...one, severity: 'warn' }))
}

/** The output says something where it says nothing on success: it passes on that something failed. */
function saysMore({ baseline, faulted }: FaultEvidence): boolean {
  if (faulted.execution.functionKind === 'sync') return false
  const usual = new Map(leavesOf(resultOf(baseline.execution)).map((leaf) => [keyOf(leaf), leaf]))
  return leavesOf(resultOf(faulted.execution)).some(
    (leaf) => Boolean(leaf.value) && !usual.get(keyOf(leaf))?.value,
  )
}

function judgeResult(evidence: FaultEvidence, status: number | null): Told[] {
  // An empty body reads like an empty page to every client, so that alone says nothing.
  const { fault, target } = evidence
  // Half of a file is a file as well: only what has a form can be seen to be nonsense.
  if (fault.kind === 'nonsense' && !answersJson(target)) return []
  if (fault.kind === 'nonsense' && fault.body === 'empty') return inventions(evidence, 'reject')
  const isSync = evidence.input.compiled.definition.kind === 'sync'
  return isSync ? judgeSync(evidence) : judgeAction(evidence, status)
}

function answersJson({ answer }: FaultEvidence['target']): boolean {
  return answer.kind === 'answered' && jsonOf(answer.response.body) !== undefined
}

/** The code says which status it expects: then that there is nothing is a right answer, a record is not. */
function judgeAbsence(evidence: FaultEvidence, status: number): Told[] {
  const invented = inventions(evidence, 'reject')
  if (invented.length > 0) return invented
  const isList = isEmptyList(resultOf(evidence.faulted.execution))
  if (status === 404 || status === 410 || !isList) return []
  return [{ behaviour: 'D3', severity: 'warn', what: 'the function returned an empty list' }]
}

function judgeAction(evidence: FaultEvidence, status: number | null): Told[] {
  const before = resultOf(evidence.baseline.execution)
  const now = resultOf(evidence.faulted.execution)
  const isAbsent = status === 404 || status === 410
  if (canonicalJson(before) === canonicalJson(now)) return judgeUnmoved(evidence, isAbsent)
  const invented = inventions(evidence, 'reject')
  if (invented.length > 0) return invented
  return [lessContent(evidence, isAbsent)]
}

function lessContent({ baseline, faulted, fault, target }: FaultEvidence, isAbsent: boolean): Told {
  const now = resultOf(faulted.execution)
  const isNonsense = fault.kind === 'nonsense'
  if (isEmptyList(now) && holdsMore(resultOf(baseline.execution), now)) {
    const severity = isNonsense ? 'warn' : 'reject'
    return { behaviour: 'D3', severity, what: 'the function returned an empty list' }
  }
  // Null for what is not there is how many people write it; which statuses mean that belongs into the brief.
  const isRead = target.asked.request.method === 'GET'
  const severity = isAbsent || isNonsense || !isRead ? 'warn' : 'reject'
  const behaviour = isAbsent ? 'D2' : 'D3'
  return { behaviour, severity, what: 'the function returned a result without its content' }
}

/** The result is the same with the failure: fine for a body nobody reads, not for a refusal. */
function judgeUnmoved(evidence: FaultEvidence, isAbsent: boolean): Told[] {
  const { fault, target, baseline } = evidence
  if (fault.kind === 'nonsense') return []
  const isAll = callsOf(baseline.trail).length === 1 || answersEmptyList(target)
  if (isAll && !isAbsent && isEmptyList(resultOf(baseline.execution))) {
    return [{ behaviour: 'D3', severity: 'reject', what: 'the function returned an empty list' }]
  }
  const gone = isAbsent && target.asked.request.method === 'DELETE'
  const severity = gone || !target.write ? 'warn' : 'reject'
  return [{ behaviour: 'D2', severity, what: 'the function returned what it returns on success' }]
}

/** The account had nothing there when it was recorded. */
function answersEmptyList({ answer, write }: FaultEvidence['target']): boolean {
  if (write || answer.kind !== 'answered') return false
  const json = jsonOf(answer.response.body)
  return isEmptyList(json) && leavesOf(json).every(({ value }) => !value || value === true)
}

function isGone(fault: FaultEvidence['fault']): boolean {
  return fault.kind === 'status' && (fault.status === 404 || fault.status === 410)
}

/** The only call of a sync finds nothing, and its failure makes no difference. */
function passesOverFailure({ baseline, fault, target }: FaultEvidence): boolean {
  if (fault.kind !== 'status' || isGone(fault)) return false
  return callsOf(baseline.trail).length === 1 && answersEmptyList(target)
}

function judgeSync(evidence: FaultEvidence): Told[] {
  const { faulted, baseline, fault } = evidence
  const invented = inventions(evidence, 'reject')
  if (invented.length > 0) return invented
  if (passesOverFailure(evidence)) {
    return [{ behaviour: 'D3', severity: 'reject', what: 'the sync ended as a success' }]
  }
  const kept = new Set(keptIds(faulted.execution))
  const missing = keptIds(baseline.execution).filter((id) => !kept.has(id))
  if (missing.length === 0) return []
  const some = kept.size > 0
  const what = some
    ? `the sync ended as a success without ${missing.length} of ${missing.length + kept.size} records`
    : 'the sync saved nothing and ended as a success'
  const severity = (some && isGone(fault)) || fault.kind === 'nonsense' ? 'warn' : 'reject'
  return [{ behaviour: 'D3', severity, what }]
}

/** Values that neither an answer nor the input has. */
function inventions(evidence: FaultEvidence, severity: Finding['severity']): Told[] {
  const { faulted, baseline } = evidence
  const known = knownTexts(evidence)
  const usual = new Map(
    leavesOf(resultOf(baseline.execution)).map((leaf) => [keyOf(leaf), leaf.value]),
  )
  const invented = leavesOf(resultOf(faulted.execution)).filter((leaf) => {
    const { value } = leaf
    if (value === null || value === '' || value === 0 || typeof value === 'boolean') return false
    return usual.get(keyOf(leaf)) !== value && !known.includes(String(value))
  })
  const fields = invented.filter((leaf) => usual.has(keyOf(leaf)))
  const [first] = fields
  if (!first) return []
  const value = JSON.stringify(first.value)
  const what = `the function returned ${value} as "${first.path.join('.')}", which nobody said`
  return [{ behaviour: 'D2', severity, what }]
}

function keyOf({ path }: Leaf): string {
  return path.join('.')
}

function knownTexts({ faulted, input }: FaultEvidence): string {
  const answers = faulted.trail.map((entry) =>
    entry.kind === 'asked' && entry.answer.kind === 'answered'
      ? entry.answer.response.body.text
      : '',
  )
  return [...answers, ...givenLeaves(input).map(({ value }) => String(value))].join('\n')
}

function isEmptyList(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((member) => Array.isArray(member) && member.length === 0)
}

function holdsMore(before: unknown, now: unknown): boolean {
  return leavesOf(before).length > leavesOf(now).length
}
