import type { Execution } from '@plumb/protocol'
import { openDisguise } from './disguise.js'
import type { Disguise } from './disguise.js'
import { returned, resultOf } from './execution-result.js'
import { leavesOf, shapeOf } from './leaves.js'
import type { OracleInput } from './oracle.js'
import type { VariedRun } from './provenance.js'
import type { Change, Rehearsal } from './rehearsal.js'
import type { ResponseLeaf } from './response-leaves.js'
import {
  blamedValues,
  enumAlternatives,
  isWord,
  namedAlternatives,
  pagingValues,
  textsOf,
} from './steering-values.js'
import { seededRandom } from './substitutes.js'
import { givenLeaves } from './vary-given.js'

/** Runs that look for the values a function bears to have changed. */
const mostTries = 9
/** Runs that change one value alone. */
const mostSingles = 8

export type Variation = {
  /** Runs that returned with other values. */
  readonly runs: readonly VariedRun[]
  /** The run with most values changed; null when the function failed with any. */
  readonly main: Disguise | null
  /** Why the last try failed. */
  readonly failure: Execution | null
}

export type VariationInput = {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
  readonly leaves: readonly ResponseLeaf[]
  readonly baseline: Execution
}

/** Changes as many response leaves at once as the function bears, then those that steer it one by one. */
export async function varyResponses(o: VariationInput): Promise<Variation> {
  const kept = pagingValues(o.leaves, o.input.recorded.recordings)
  const steps = relaxations(o)
  const alternatives = enumAlternatives(o.input.compiled)
  let failure: Execution | null = null
  for (let tries = 0; tries < mostTries; tries++) {
    const disguise = disguiseOf(o, { kept, alternatives })
    if (disguise.substitutes.size === 0) break
    const { execution } = await o.rehearsal.run(disguised(disguise))
    if (alike(execution, o.baseline)) {
      const run = { disguise, of: 'responses', result: resultOf(execution) } as const
      return {
        runs: [run, ...(await singles(o, { main: disguise, alternatives }))],
        main: disguise,
        failure: null,
      }
    }
    failure = execution
    if (learned(alternatives, execution)) continue
    if (!keepMore(kept, { blamed: blamedValues(o.leaves, execution), steps })) break
  }
  return { runs: [], main: null, failure }
}

export function disguised(disguise: Disguise): Change {
  return {
    lenient: true,
    translate: disguise.translate,
    answer: async (_asked, recorded) => disguise.answer(await recorded()),
  }
}

type Choice = {
  readonly kept: ReadonlySet<string>
  readonly alternatives: ReadonlyMap<string, string>
}

function disguiseOf({ input, leaves }: VariationInput, choice: Choice): Disguise {
  return openDisguise({
    values: leaves.map(({ value }) => value),
    random: seededRandom(input.compiled.sourceHash),
    ...choice,
  })
}

/** An error that names the members of an enumeration says how to vary them. */
function learned(alternatives: Map<string, string>, failed: Execution): boolean {
  const before = alternatives.size
  for (const [text, other] of namedAlternatives(failed)) alternatives.set(text, other)
  return alternatives.size > before
}

/** What is left as it was, from the likeliest to steer the function to everything but long texts. */
function relaxations({ leaves, input }: VariationInput): Set<string>[] {
  const given = new Set(givenLeaves(input).map(({ value }) => String(value)))
  return [
    textsOf(leaves, ({ value }) => given.has(String(value))),
    textsOf(leaves, ({ value }) => isWord(value)),
    textsOf(leaves, ({ value }) => /:\/\//.test(String(value))),
    textsOf(leaves, ({ value }) => typeof value === 'number'),
    textsOf(leaves, ({ value }) => !/\d.*[A-Za-z]|[A-Za-z].*[\d ]/.test(String(value))),
  ]
}

function keepMore(
  kept: Set<string>,
  { blamed, steps }: { blamed: ReadonlySet<string>; steps: Set<string>[] },
): boolean {
  const before = kept.size
  for (const text of blamed) kept.add(text)
  while (kept.size === before && steps.length > 0) {
    for (const text of steps.shift() ?? []) kept.add(text)
  }
  return kept.size > before
}

/** Returned, with as much as before: values that decide what is kept are not to be changed together with the rest. */
function alike(execution: Execution, baseline: Execution): boolean {
  if (!returned(execution)) return false
  const shapes = (run: Execution): string =>
    leavesOf(resultOf(run))
      .map(({ path }) => shapeOf(path))
      .sort()
      .join()
  return shapes(execution) === shapes(baseline)
}

/** Values of the output that could not be changed with all others, each changed alone. */
async function singles(
  o: VariationInput,
  { main, alternatives }: { main: Disguise; alternatives: ReadonlyMap<string, string> },
): Promise<VariedRun[]> {
  const inOutput = new Set(leavesOf(resultOf(o.baseline)).map(({ value }) => String(value)))
  const texts = [...textsOf(o.leaves, ({ value }) => value !== null)]
  const left = texts.filter((text) => inOutput.has(text) && !main.substitutes.has(text))
  const runs: VariedRun[] = []
  for (const text of left.slice(0, mostSingles)) {
    const kept = new Set(texts.filter((other) => other !== text))
    const disguise = disguiseOf(o, { kept, alternatives })
    if (disguise.substitutes.size === 0) continue
    const { execution } = await o.rehearsal.run(disguised(disguise))
    if (!alike(execution, o.baseline)) continue
    runs.push({ disguise, of: 'responses', result: resultOf(execution) })
  }
  return runs
}
