import type { JsonObject } from '@plumb/protocol'
import { itemOf } from '../api/answer.js'
import type { Operation } from '../api/operation.js'
import type { Play } from '../conversation/play-from-start.js'
import { reviseValues } from './revise-values.js'
import { tellingValues } from './telling-fields.js'
import type { Values, Work } from './work.js'
import { perform } from './work.js'

export type Creation = {
  /** Values for everything the operation requires. */
  readonly values: Values
  readonly noun: readonly string[]
}

const maxTries = 5

/** Creates one thing with made-up content under the namespace; mends what the API objects to. Null when it stays refused. */
export function* createResource(
  work: Work,
  operation: Operation,
  creation: Creation,
): Play<JsonObject | null> {
  const { noun } = creation
  let values: Values = { ...tellingValues(work, operation, noun), ...creation.values }
  for (let turn = 0; turn < maxTries; turn += 1) {
    const answer = yield* perform(work, operation, values)
    if (answer.failure === null) {
      const item = itemOf(answer.body, noun) ?? {}
      work.own.push({ noun, item, values })
      return { ...values, ...item }
    }
    const revised = reviseValues(work, { operation, values, failure: answer.failure, noun })
    if (revised === null) return null
    values = revised
  }
  return null
}
