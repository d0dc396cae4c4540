import type { Field, Operation } from '../api/operation.js'
import { propertiesOf, typeOf } from '../api/schema.js'
import { wordsOf } from '../api/words.js'
import { isTelling, sampleValue } from '../values/sample-value.js'
import type { Values, Work } from './work.js'
import { sampleRequest } from './work.js'

/** Members that say what a thing is called, and both ends of its time, also where nothing is marked as required. */
export function tellingValues(work: Work, operation: Operation, noun: readonly string[]): Values {
  const body = operation.fields.filter(({ place }) => place === 'body')
  const isSilent = !body.some(({ required }) => required)
  const chosen = body.filter(
    (field) => isName(field) || (isSilent && (isTellingText(field) || isMoment(field))),
  )
  return Object.fromEntries(
    chosen.map((field) => [field.name, sampleValue(sampleRequest(work, field, noun))]),
  )
}

const isName = ({ name, schema }: Field) =>
  typeOf(schema) === 'string' && /^(name|title|summary|subject)$/i.test(name)

export const isTellingText = ({ name, schema }: Field): boolean =>
  typeOf(schema) === 'string' &&
  schema['enum'] === undefined &&
  isTelling(name) &&
  !/^(key|value|label|email)$/i.test(name)

/** Both ends of a time range. */
export function isMoment({ name, schema }: Field): boolean {
  const isEnd = /^(start|end|start_?(at|time|date)|end_?(at|time|date)|starts_?at|ends_?at)$/i.test(
    name,
  )
  const holds = Object.entries(propertiesOf(schema)).some(
    ([inner, { format }]) => format === 'date-time' || /^date_?time$/i.test(inner),
  )
  return isEnd && wordsOf(name).length <= 2 && (typeOf(schema) !== 'object' || holds)
}
