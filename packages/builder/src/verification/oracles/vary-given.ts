import type { JsonObject } from '@plumb/protocol'
import { openDisguise } from './disguise.js'
import { resultOf, returned } from './execution-result.js'
import { leavesOf, mapLeaves } from './leaves.js'
import type { Leaf } from './leaves.js'
import type { OracleInput } from './oracle.js'
import type { VariedRun } from './provenance.js'
import type { Change, Rehearsal } from './rehearsal.js'
import { isWord } from './steering-values.js'
import { seededRandom } from './substitutes.js'

/** Everything a function is handed: input, metadata, checkpoint and connection. */
export function givenLeaves({ recorded, connection }: OracleInput): Leaf[] {
  return leavesOf({
    input: recorded.input,
    metadata: recorded.metadata,
    checkpoint: recorded.checkpoint,
    connection: {
      connectionId: connection.connectionId,
      integrationKey: connection.integrationKey,
      provider: connection.provider,
      connectionConfig: connection.connectionConfig,
    },
  })
}

/** Every value of the input as another one of its form; null when it has none. */
export function disguiseGiven({
  recorded,
  compiled,
}: OracleInput): Pick<Change, 'input' | 'translate'> | null {
  const values = leavesOf(recorded.input).map(({ value }) => value)
  const random = seededRandom(`given ${compiled.sourceHash}`)
  const { substitutes, of, translate } = openDisguise({ values, kept: new Set(), random })
  if (substitutes.size === 0) return null
  return { input: mapLeaves(recorded.input, ({ value }) => of(value)), translate }
}

/** Runs the function with other input and metadata; its requests are answered as if they were the recorded ones. */
export async function varyGiven(o: {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
}): Promise<VariedRun[]> {
  const { recorded, compiled } = o.input
  const values = leavesOf([recorded.input, recorded.metadata]).map(({ value }) => value)
  for (const keptIf of [() => false, isWord]) {
    const kept = new Set(values.filter(keptIf).map(String))
    const disguise = openDisguise({
      values,
      kept,
      random: seededRandom(`given ${compiled.sourceHash}`),
    })
    if (disguise.substitutes.size === 0) return []
    const { execution } = await o.rehearsal.run({
      input: mapLeaves(recorded.input, ({ value }) => disguise.of(value)),
      metadata: mapLeaves(recorded.metadata, ({ value }) => disguise.of(value)) as JsonObject,
      lenient: true,
      translate: disguise.translate,
    })
    if (returned(execution)) return [{ disguise, of: 'given', result: resultOf(execution) }]
  }
  return []
}
