import type { Finding } from '@plumb/protocol'
import type { Disguise } from './disguise.js'
import { resultOf, returned } from './execution-result.js'
import { mutationCheck } from './mutation-findings.js'
import type { OracleInput } from './oracle.js'
import { leafAt } from './provenance.js'
import type { Provenance } from './provenance.js'
import type { Rehearsal } from './rehearsal.js'
import { numbersIn, textsIn } from './source-literals.js'
import { isWord } from './steering-values.js'
import { disguiseGiven } from './vary-given.js'

export type KnownInput = {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
  readonly provenance: readonly Provenance[]
  /** The other answers with which the function is known to return. */
  readonly main: Disguise
}

/**
 * A value that the source holds and that the answers leave as it is, while for another input the same answer gives the
 * very same value, and another answer another: the source knows what the account says about this input.
 */
export async function findKnownInputs(o: KnownInput): Promise<Finding[]> {
  const held = heldValues(o)
  const given = held.length === 0 ? null : disguiseGiven(o.input)
  if (given === null) return []
  const same = await o.rehearsal.run({ ...given, lenient: true })
  const other = await o.rehearsal.run({
    input: given.input,
    lenient: true,
    translate: (request) => o.main.translate(given.translate?.(request) ?? request),
    answer: async (_asked, recorded) => o.main.answer(await recorded()),
  })
  if (!returned(same.execution) || !returned(other.execution)) return []
  const at = (run: typeof same, { path }: Provenance) =>
    leafAt(resultOf(run.execution), path.split('.'))
  const known = held.find((one) => {
    const [before, now] = [at(same, one), at(other, one)]
    return before === one.value && now !== undefined && now !== null && now !== one.value
  })
  return known ? [finding(o.input, known)] : []
}

/** Particular values that no run with other answers has moved. */
function heldValues({ input: { compiled }, provenance }: KnownInput): Provenance[] {
  const still = provenance.filter(({ source }) => /^(constant|unvaried)$/.test(source.kind))
  const particular = still.filter(({ value }) =>
    typeof value === 'number'
      ? Math.abs(value) >= 100
      : typeof value === 'string' && value.length > 3 && !isWord(value),
  )
  if (particular.length === 0) return []
  const written = new Set<unknown>([...numbersIn(compiled), ...textsIn(compiled)])
  return particular.filter(({ value }) => written.has(value))
}

function finding({ recorded }: OracleInput, { path, value }: Provenance): Finding {
  return {
    check: mutationCheck,
    behaviour: 'C2',
    severity: 'reject',
    message: `The source holds ${JSON.stringify(value)} for the output's "${path}" and returns it for this input whatever the answer says; for another input it works the value out from the answer.`,
    remedy: 'Work the value out from the answer for every input.',
    pointer: recorded.pointer,
  }
}
