import type { Finding } from '@plumb/protocol'
import { openDisguise } from './disguise.js'
import { copiedPlaces, falseCopy } from './judge-copies.js'
import type { FalseCopy } from './judge-copies.js'
import { knownIn } from './known-values.js'
import { mutationCheck } from './mutation-findings.js'
import type { OracleInput } from './oracle.js'
import type { Provenance } from './provenance.js'
import type { Rehearsal } from './rehearsal.js'
import type { ResponseLeaf } from './response-leaves.js'
import { seededRandom } from './substitutes.js'
import { disguised } from './vary-responses.js'

/** Places of the answers that are changed, each in a run of its own. */
const mostPlaces = 10

export type AloneInput = {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
  readonly provenance: readonly Provenance[]
  readonly leaves: readonly ResponseLeaf[]
}

/** Changes one value of the answers and leaves all others: code that recognises a recording by its other values still returns it. */
export async function varyAlone(o: AloneInput): Promise<Finding[]> {
  for (const { value } of copiedPlaces(o.provenance).slice(0, mostPlaces)) {
    const random = seededRandom(`alone ${o.input.compiled.sourceHash}`)
    const kept = new Set(o.leaves.map((leaf) => String(leaf.value)))
    kept.delete(String(value))
    const disguise = openDisguise({ values: [value], kept, random })
    if (disguise.substitutes.size === 0) continue
    const run = await o.rehearsal.run(disguised(disguise))
    const given = [o.input.recorded.input, o.input.recorded.metadata, o.input.recorded.checkpoint]
    const copy = falseCopy(
      o.provenance.filter((one) => one.value === value),
      run,
      knownIn(run, given),
    )
    if (copy) return [finding(o.input, copy)]
  }
  return []
}

function finding(
  { recorded }: OracleInput,
  { path, recorded: value, now, kind }: FalseCopy,
): Finding {
  const says = kind === 'stuck' ? 'still' : 'then'
  return {
    check: mutationCheck,
    behaviour: kind === 'stuck' ? 'C1' : 'C3',
    severity: 'reject',
    message: `The answer says ${JSON.stringify(value)} as the output's "${path}"; when only that is another value, the output ${says} says ${JSON.stringify(now)}, which nobody said.`,
    remedy: 'Take every value from the answer, whatever the others are.',
    pointer: recorded.pointer,
  }
}
