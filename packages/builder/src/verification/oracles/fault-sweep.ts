import type { Execution, ProviderRequest } from '@plumb/protocol'
import { failureText, returned } from './execution-result.js'
import { errorShapes } from './error-bodies.js'
import type { ErrorShape } from './error-bodies.js'
import { allFaults, faultAnswer, fewFaults, readFaults } from './faults.js'
import type { Fault } from './faults.js'
import { judgeFault } from './judge-fault.js'
import type { Oracle, OracleInput, OracleResult } from './oracle.js'
import { pathSteps } from './likely-recording.js'
import { refuseOne } from './part-failures.js'
import { callsOf, openRehearsal, sameRequest } from './rehearsal.js'
import type { Call, Rehearsal, Rehearsed, TrailEntry } from './rehearsal.js'
import { ownCode } from './source-literals.js'
import { seededRecords } from './seeded-records.js'
import { softErrorsOf } from './soft-errors.js'
import { widenedOutput } from './widened-output.js'

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
  const findings = widenedOutput(input, baseline)
  const [usual, ...others] = errorShapes(input.recorded.recordings, input.provider)
  for (const [order, target] of targets.entries()) {
    const faults = order === 0 ? allFaults : fewFaults
    const sweep = async (fault: Fault, shape: ErrorShape): Promise<void> => {
      const faulted = await runWithFault({
        rehearsal,
        baseline: baseline.execution,
        target,
        fault,
        shape,
      })
      findings.push(...judgeFault({ input, baseline, faulted, target, fault }))
    }
    for (const fault of faults) await sweep(fault, usual)
    for (const error of softErrorsOf(target, input.provider)) {
      await sweep({ kind: 'soft', error }, usual)
    }
    findings.push(...(await refuseOne({ input, rehearsal, baseline, target })))
    if (!readsErrors(input, target)) continue
    for (const shape of others) for (const fault of readFaults) await sweep(fault, shape)
  }
  const { measurements } = rehearsal
  return { oracle: 'fault-sweep', ran: true, findings: onePerKind(findings), measurements }
}

/** Only code that catches, or that is given statuses to take, can look at what an error says. */
function readsErrors({ compiled }: OracleInput, { asked }: Call): boolean {
  if (asked.request.expectedStatus.some((status) => status >= 300)) return true
  return /\bcatch\b|\bthen\b|\b(any|race|allSettled)\b/.test(ownCode(compiled.code))
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
  readonly shape: ErrorShape
}): Promise<Rehearsed> {
  const { target, fault, shape } = o
  // Trying again meets the same fault.
  const wanted = sameRequest(target.asked.request)
  const recorded = target.answer.kind === 'answered' ? target.answer.response.body.text : ''
  return o.rehearsal.run({
    records: seededRecords(o.baseline),
    answer: async ({ index, request, repeated }, ask) => {
      const isTarget = index >= target.asked.index && repeated < mostRepeats && wanted(request)
      return isTarget
        ? faultAnswer(fault, { request, write: target.write, recorded, shape })
        : ask()
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
