import type { Execution, Finding } from '@plumb/protocol'
import { takeAway } from './absent-values.js'
import { spoilOne } from './dropped-items.js'
import { failureText, resultOf, returned } from './execution-result.js'
import { fillValues } from './filled-values.js'
import { findKnownInputs } from './known-inputs.js'
import { judgeProvenance, mutationCheck } from './mutation-findings.js'
import { varyIds } from './near-ids.js'
import type { Oracle, OracleInput, OracleResult } from './oracle.js'
import { findOverruled } from './overruled-values.js'
import { mapProvenance } from './provenance.js'
import type { Provenance } from './provenance.js'
import { judgeSilence } from './silent-runs.js'
import { openRehearsal } from './rehearsal.js'
import type { Rehearsal } from './rehearsal.js'
import { responseLeaves } from './response-leaves.js'
import { givenLeaves, varyGiven } from './vary-given.js'
import { varyAlone } from './vary-alone.js'
import { varyResponses } from './vary-responses.js'

/** Do the values of the output follow those of the answers? Also maps each leaf of the output to where it comes from. */
export const mutation: Oracle = { name: 'mutation', run }

async function run(input: OracleInput): Promise<OracleResult> {
  const rehearsal = openRehearsal(input)
  const leaves = responseLeaves(input.recorded.recordings)
  const first = await rehearsal.run()
  const baseline = first.execution
  if (!returned(baseline)) {
    return cannot(`the function does not repeat its recording: ${failureText(baseline)}`)
  }
  const silent = await judgeSilence(input, { rehearsal, baseline: first })
  if (silent.length > 0) return ran(rehearsal, silent)
  if (leaves.length === 0) return cannot('no recorded answer is a success in JSON')
  const given = givenLeaves(input)
  const varied = await varyResponses({ input, rehearsal, leaves, baseline })
  if (!varied.failure && !varied.main) return cannot('the answers hold no text or number')
  if (!varied.main) {
    return ran(rehearsal, [unbearable(input, varied.failure)])
  }
  const provenance = mapProvenance({
    result: resultOf(baseline),
    runs: [...varied.runs, ...(await varyGiven({ input, rehearsal }))],
    responses: leaves,
    given,
  })
  const absent = await takeAway({
    ...{ input, rehearsal, provenance, given, baseline },
    responses: leaves,
    disguise: varied.main,
  })
  const told = judgeProvenance({ input, provenance, leaves })
  const known = { input, rehearsal, provenance, leaves, main: varied.main, baseline: first }
  const findings = [
    ...told,
    ...absent,
    ...(await varyAlone(known)),
    ...(await varyIds(known)),
    ...(await fillValues(known)),
    ...(await spoilOne(known)),
    ...(await findOverruled(known)),
    ...(await findKnownInputs(known)),
  ]
  const { measurements } = rehearsal
  return { oracle: 'mutation', ran: true, findings, measurements, provenance: bounded(provenance) }
}

function ran({ measurements }: Rehearsal, findings: readonly Finding[]): OracleResult {
  return { oracle: 'mutation', ran: true, findings, measurements }
}

/** Code that reads texts of a strict form may do so as well, so a person must look. */
function unbearable({ recorded }: OracleInput, failure: Execution | null): Finding {
  const ended = failure && !returned(failure) ? failureText(failure) : 'it returns something else'
  return {
    check: mutationCheck,
    behaviour: 'C3',
    severity: 'warn',
    message: `The function works with the recorded values only; with others of the same form: ${ended}`,
    remedy: 'Treat every answer alike.',
    pointer: recorded.pointer,
  }
}

function cannot(why: string): OracleResult {
  return { oracle: 'mutation', ran: false, why }
}

/** Hundreds of records come from the same places. */
function bounded(provenance: readonly Provenance[]): Provenance[] {
  return provenance.slice(0, 300)
}
