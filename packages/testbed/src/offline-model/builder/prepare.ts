import type { JsonObject } from '@plumb/protocol'
import { nounOfPath } from '../api/nouns.js'
import { isObject, objectOf, plainText } from '../api/schema.js'
import type { Play } from '../conversation/play-from-start.js'
import { findSources } from './find-sources.js'
import { findValues, isAvoided, makeOne } from './find-value.js'
import type { FunctionPlan } from './function-plan.js'
import { chosenSlots } from './function-plan.js'
import { isReference } from './references.js'
import type { Values, Work } from './work.js'

export type Prepared = { readonly values: Values; readonly missing: string | null }

/** Finds or creates everything that the function has to be called with. `kept` stays as it is. */
export function* prepare(work: Work, plan: FunctionPlan, kept: Values = {}): Play<Prepared> {
  const fields = chosenSlots(work, plan).map(({ field }) => field)
  const known = { ...exampleValues(work, plan), ...plan.fixed, ...kept }
  return yield* findValues(work, fields, {
    operation: plan.operation,
    known,
    own: plan.own,
    depth: 0,
  })
}

/** What the brief's first example gives; never for what is changed or removed. */
function exampleValues(work: Work, { slots, own }: FunctionPlan): Values {
  const input = objectOf(objectOf(work.task.examples[0])['input'])
  const given = slots.flatMap(({ need, field }) => {
    const value = input[need.name]
    const isFit = value !== undefined && !own.has(field.name) && !isAvoided(work, field, value)
    return isFit ? [[field.name, value] as const] : []
  })
  return Object.fromEntries(given)
}

/** Makes one of the things that the function lists, so that there is something to see. */
export function* makeRecord(
  work: Work,
  plan: FunctionPlan,
  values: Values,
): Play<JsonObject | null> {
  const { path, id } = plan.operation
  const noun = nounOfPath(path)
  const known = { ...plan.fixed, ...values }
  work.underway.add(id)
  const sources = yield* findSources(work, { noun, collection: path, group: [] }, 'create')
  work.underway.delete(id)
  for (const source of sources) {
    const usable = Object.entries(known).filter(([name]) =>
      source.fields.some((field) => field.name === name && isReference(field, work.catalogue)),
    )
    const made = yield* makeOne(work, source, { known: Object.fromEntries(usable), noun, depth: 1 })
    if (made !== null) return made
  }
  return null
}

/** Forgets a value that turned out wrong, so that another one is looked for. */
export function forget(work: Work, name: string, values: Values): Values {
  const { [name]: wrong, ...rest } = values
  if (wrong === undefined || isObject(wrong)) return rest
  work.avoided.add(`${name}=${plainText(wrong)}`)
  for (const [key, value] of work.bindings) if (value === wrong) work.bindings.delete(key)
  return rest
}
