import type { Execution, ProviderRequest } from '@plumb/protocol'
import { failureText, returned } from './execution-result.js'
import { allFaults, faultAnswer, fewFaults } from './faults.js'
import type { Fault } from './faults.js'
import { judgeFault } from './judge-fault.js'
import type { Oracle, OracleInput, OracleResult } from './oracle.js'
import { pathSteps } from './likely-recording.js'
import { callsOf, openRehearsal, sameRequest } from './rehearsal.js'
import type { Call, Rehearsal, Rehearsed, TrailEntry } from './rehearsal.js'
import { seededRecords } from './seeded-records.js'

/** Calls that are made to fail, each with several faults. */
const mostCalls = 4
/** The same request is answered with the same fault this often. */
const mostRepeats = 50

/** Does the function fail when its provider does? Every call fails in every way, one at a time. */
export const faultSweep: Oracle = { name: 'fault-sweep', run }

async function run(input: OracleInput): Promise<OracleResult> {
  const rehearsal = openRehearsal(input)
  const baseline = await rehearsal.run()
  if (!returned(baseline.execution)) {
    const why = `the function does not repeat its recording: ${failureText(baseline.execution)}`
    return { oracle: 'fault-sweep', ran: false, why }
  }
  const targets = chooseTargets(baseline.trail)
  if (targets.length === 0) {
    return { oracle: 'fault-sweep', ran: false, why: 'the function makes no call' }
  }
  const findings = []
  for (const [order, target] of targets.entries()) {
    for (const fault of order === 0 ? allFaults : fewFaults) {
      const faulted = await runWithFault({ rehearsal, baseline: baseline.execution, target, fault })
      findings.push(...judgeFault({ input, baseline, faulted, target, fault }))
    }
  }
  const { measurements } = rehearsal
  return { oracle: 'fault-sweep', ran: true, findings: onePerKind(findings), measurements }
}

/** The first call of each kind, so that ten pages are not ten kinds; the second of a kind stands for a later page. */
function chooseTargets(trail: readonly TrailEntry[]): Call[] {
  const calls = callsOf(trail)
  const counts = new Map<string, number>()
  const first: Call[] = []
  const second: Call[] = []
  for (const call of calls) {
    const kind = kindOf(call.asked.request)
    const count = counts.get(kind) ?? 0
    counts.set(kind, count + 1)
    if (count === 0) first.push(call)
    if (count === 1) second.push(call)
  }
  return [...first, ...second].slice(0, mostCalls)
}

function kindOf({ method, endpoint }: ProviderRequest): string {
  const steps = pathSteps(endpoint).map((step) =>
    /\d|^[A-Za-z0-9_-]{16,}$/.test(step) ? '*' : step,
  )
  return `${method} ${steps.join('/')}`
}

async function runWithFault(o: {
  readonly rehearsal: Rehearsal
  readonly baseline: Execution
  readonly target: Call
  readonly fault: Fault
}): Promise<Rehearsed> {
  const { target, fault } = o
  // Trying again meets the same fault.
  const wanted = sameRequest(target.asked.request)
  const recorded = target.answer.kind === 'answered' ? target.answer.response.body.text : ''
  return o.rehearsal.run({
    records: seededRecords(o.baseline),
    answer: async ({ index, request, repeated }, ask) => {
      const isTarget = index >= target.asked.index && repeated < mostRepeats && wanted(request)
      return isTarget ? faultAnswer(fault, { request, write: target.write, recorded }) : ask()
    },
  })
}

/** Ten statuses that are treated alike are one finding. */
function onePerKind<F extends { behaviour: string; severity: string; pointer: unknown }>(
  findings: readonly F[],
): F[] {
  const seen = new Set<string>()
  return findings.filter(({ behaviour, severity }) => {
    const key = `${behaviour} ${severity}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
