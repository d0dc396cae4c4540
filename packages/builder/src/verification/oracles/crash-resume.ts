import { sweepClock } from './clock-sweep.js'
import { failureText, returned } from './execution-result.js'
import { changedSince, secondGeneration } from './generations.js'
import { keepsByPlace } from './kept-places.js'
import { interrupt } from './interruption.js'
import type { Oracle, OracleInput, OracleResult } from './oracle.js'
import { walkPages } from './page-walk.js'
import { callsOf, openRehearsal } from './rehearsal.js'

/** Does the function do the same at any date, walk all pages, and, as a sync, go on where it was ended? */
export const crashResume: Oracle = { name: 'crash-resume', run }

async function run(input: OracleInput): Promise<OracleResult> {
  const rehearsal = openRehearsal(input)
  const baseline = await rehearsal.run()
  if (!returned(baseline.execution)) {
    const why = `the function does not repeat its recording: ${failureText(baseline.execution)}`
    return { oracle: 'crash-resume', ran: false, why }
  }
  const o = { input, rehearsal, baseline }
  const findings = await sweepClock(o)
  if (callsOf(baseline.trail).length > 0) findings.push(...(await walkPages(o)))
  if (input.compiled.definition.kind === 'sync') {
    findings.push(...(await interrupt(o)), ...(await secondGeneration(o)))
    findings.push(...(await changedSince(o)), ...(await keepsByPlace(o)))
  }
  return { oracle: 'crash-resume', ran: true, findings, measurements: rehearsal.measurements }
}
