import type { Finding } from '@plumb/protocol'
import { returned } from './execution-result.js'
import type { OracleInput } from './oracle.js'
import type { Rehearsal, Rehearsed } from './rehearsal.js'

/** Long enough for a function that does not wait to be over, on a machine that has time for it. */
const [shortestMs, longestMs] = [60, 1000]
/** What changes something; what comes after it is not slow, so that it overtakes. */
const changing = [
  /^(save|update|delete)Records$/,
  /^(request|trackDeletesEnd|deleteUnsaved|saveCheckpoint|updateMetadata)$/,
]

/** Is everything done that the function asked for when it returns? With a slow host, what it does not wait for is left. */
export async function leavesCallsBehind(
  { recorded }: OracleInput,
  { rehearsal, used }: { readonly rehearsal: Rehearsal; readonly used: Rehearsed },
): Promise<Finding[]> {
  // A busy machine takes longer for all of it.
  const ms = Math.min(Math.max(shortestMs, used.execution.durationMs), longestMs)
  let left: readonly string[] = []
  for (const method of changing) {
    const run = await rehearsal.run({ slow: { method, ms } })
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
