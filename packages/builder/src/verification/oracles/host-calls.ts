import type { Finding } from '@plumb/protocol'
import { returned } from './execution-result.js'
import type { OracleInput } from './oracle.js'
import type { Rehearsal } from './rehearsal.js'

/** Long enough for a function that does not wait to be over. */
const slowMs = 60
/** What changes something; what comes after it is not slow, so that it overtakes. */
const changing = [
  /^(save|update|delete)Records$/,
  /^(request|trackDeletesEnd|deleteUnsaved|saveCheckpoint|updateMetadata)$/,
]

/** Is everything done that the function asked for when it returns? With a slow host, what it does not wait for is left. */
export async function leavesCallsBehind(
  { recorded }: OracleInput,
  rehearsal: Rehearsal,
): Promise<Finding[]> {
  let left: readonly string[] = []
  for (const method of changing) {
    const run = await rehearsal.run({ slow: { method, ms: slowMs } })
    if (returned(run.execution)) left = [...left, ...run.inFlight.filter((one) => method.test(one))]
  }
  const [first] = left
  if (first === undefined) return []
  return [
    {
      check: 'two-identities',
      behaviour: 'D5',
      severity: 'reject',
      message: `The function returned while ${left.length} call(s) were under way (${first}): whether they succeed is left to chance.`,
      remedy: 'Await every call before the function returns.',
      pointer: recorded.pointer,
    },
  ]
}
