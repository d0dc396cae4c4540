import { canonicalJson } from '@plumb/protocol'
import type { Finding } from '@plumb/protocol'
import { resultOf, returned } from './execution-result.js'
import { leavesOf } from './leaves.js'
import type { OracleInput } from './oracle.js'
import { refusedParts } from './refused-parts.js'
import type { Call, Rehearsal, Rehearsed } from './rehearsal.js'

export type PartFailureInput = {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
  readonly baseline: Rehearsed
  /** The call that sent several things. */
  readonly target: Call
}

/** Lets one thing of a batch be refused, while the call itself succeeds: whoever called must be able to tell. */
export async function refuseOne(o: PartFailureInput): Promise<Finding[]> {
  if (!o.target.write || o.input.compiled.definition.kind !== 'action') return []
  for (const bodies of refusedParts(o.target)) {
    if (await isUnmoved(o, bodies)) return [finding(o)]
  }
  return []
}

/** Whether the function returns with each of these bodies what it returns when everything is taken. */
async function isUnmoved(o: PartFailureInput, bodies: readonly string[]): Promise<boolean> {
  const { target, baseline, rehearsal } = o
  const before = canonicalJson(resultOf(baseline.execution))
  for (const text of bodies) {
    const { execution } = await rehearsal.run({
      answer: async ({ index }, recorded) => {
        const answer = await recorded()
        if (index !== target.asked.index || answer.kind !== 'answered') return answer
        const body = { encoding: 'utf8', text } as const
        return { ...answer, response: { ...answer.response, body } }
      },
    })
    if (!returned(execution) || canonicalJson(resultOf(execution)) !== before) return false
  }
  return true
}

function finding({ input, baseline, target }: PartFailureInput): Finding {
  const { method, endpoint } = target.asked.request
  const says = leavesOf(resultOf(baseline.execution)).some(({ value }) => Boolean(value))
  return {
    check: 'fault-sweep',
    behaviour: 'D2',
    // A result that says nothing at least says nothing that is wrong.
    severity: says ? 'reject' : 'warn',
    message: `${method} ${endpoint} answered that one of the things it was sent was refused, and the function returned what it returns when all are taken.`,
    remedy:
      'Look at what the answer says about each thing: leave those that were refused out of the result and name them, or throw.',
    pointer: input.recorded.pointer,
  }
}
