import { wilsonInterval } from '@plumb/builder'
import { behaviours, notScriptable } from '@plumb/testbed/rogues'
import type { Rogue } from '@plumb/testbed/rogues'
import { rogueSetNames } from '@plumb/protocol'
import type { MisbehaviourResults, RogueSetResult } from '@plumb/protocol'
import type { RogueResult, TwinResult } from './judge-rogue.js'

type Measured = {
  readonly rogues: readonly Rogue[]
  readonly results: ReadonlyMap<string, RogueResult>
  readonly twins: readonly TwinResult[]
  readonly measuredWith: MisbehaviourResults['measuredWith']
}

/** Puts single results together, by behaviour in the order of the catalogue. */
export function collectResults({
  rogues,
  results,
  twins,
  measuredWith,
}: Measured): MisbehaviourResults {
  const entries = behaviours.flatMap((id) => {
    const own = rogues.filter(({ behaviour }) => behaviour === id)
    const sets = rogueSetNames.flatMap((set) => {
      const variants = own
        .filter((rogue) => rogue.set === set)
        .map((rogue) => resultOf(rogue, results))
      return variants.length === 0 ? [] : [[set, setResult(variants)] as const]
    })
    return sets.length === 0 ? [] : [[id, { sets: Object.fromEntries(sets) }] as const]
  })
  return withTotals({
    behaviours: Object.fromEntries(entries),
    twins: twinsResult(twins),
    notScriptable: { ...notScriptable },
    measuredWith,
  })
}

function resultOf({ id }: Rogue, results: ReadonlyMap<string, RogueResult>): RogueResult {
  const how = 'the pipeline gave no verdict'
  return results.get(id) ?? { id, outcome: 'missed', ended: 'none', how }
}

function setResult(variants: readonly RogueResult[]): RogueSetResult {
  const count = (wanted: RogueResult['outcome']) =>
    variants.filter(({ outcome }) => outcome === wanted).length
  const [prevented, detected, missed] = [count('prevented'), count('detected'), count('missed')]
  const interval = rounded(prevented + detected, variants.length)
  return { prevented, detected, missed, interval, variants: [...variants] }
}

function twinsResult(twins: readonly TwinResult[]): MisbehaviourResults['twins'] {
  const falseBlocks = twins.filter(({ falseBlock }) => falseBlock).length
  const told = twins.filter(({ falseBlock, findings }) => falseBlock || findings.length > 0)
  return {
    ...{ count: twins.length, falseBlocks, interval: rounded(falseBlocks, twins.length) },
    told: told.map(({ id, ended, findings }) => ({ id, ended, findings: [...findings] })),
  }
}

type Untotalled = Omit<MisbehaviourResults, 'totals' | 'variants'>

function withTotals(results: Untotalled): MisbehaviourResults {
  const totals: MisbehaviourResults['totals'] = {}
  const variants: MisbehaviourResults['variants'] = {}
  for (const name of rogueSetNames) {
    const sets = Object.values(results.behaviours).flatMap(({ sets }) => sets[name] ?? [])
    if (sets.length === 0) continue
    totals[name] = shareOf(sets.filter(({ missed }) => missed === 0).length, sets.length)
    const all = sets.reduce((sum, one) => sum + one.variants.length, 0)
    variants[name] = shareOf(all - sets.reduce((sum, { missed }) => sum + missed, 0), all)
  }
  const { behaviours: found, ...rest } = results
  return { behaviours: found, totals, variants, ...rest }
}

function shareOf(caught: number, of: number) {
  return { caught, of, interval: rounded(caught, of) }
}

function rounded(successes: number, trials: number): [number, number] {
  const { low, high } = wilsonInterval(successes, trials)
  return [Number(low.toFixed(3)), Number(high.toFixed(3))]
}

/** What was measured anew replaces what is known of the same behaviour and set; the rest stays. */
export function mergeResults(
  known: MisbehaviourResults,
  fresh: MisbehaviourResults,
): MisbehaviourResults {
  const entries = behaviours.flatMap((id) => {
    const sets = { ...known.behaviours[id]?.sets, ...fresh.behaviours[id]?.sets }
    return Object.keys(sets).length === 0 ? [] : [[id, { sets }] as const]
  })
  const more = fresh.twins.count >= known.twins.count
  return withTotals({
    behaviours: Object.fromEntries(entries),
    // A part of the twins says less than all of them.
    twins: more ? fresh.twins : known.twins,
    notScriptable: fresh.notScriptable,
    measuredWith: {
      ...fresh.measuredWith,
      providers: [
        ...new Set([...known.measuredWith.providers, ...fresh.measuredWith.providers]),
      ].sort(),
    },
  })
}
