import type { Json, JsonObject } from '@plumb/protocol'
import { listOf, objectOf, propertiesOf, requiredOf, textOf, typeOf } from '../api/schema.js'
import { wordsOf } from '../api/words.js'
import type { SampleRequest } from './sample.js'
import { sampleText } from './sample-text.js'
import { sampleTime } from './sample-time.js'

const maxDepth = 5

/** A value that fits a schema: constants, enums and defaults first, then what its type and name ask for. */
export function sampleValue(request: SampleRequest, depth = 0): Json {
  const { schema } = request
  if (schema['const'] !== undefined) return schema['const']
  const choices = listOf(schema['enum']).filter((value) => value !== null)
  if (choices.length > 0) return choiceOf(choices, schema)
  switch (typeOf(schema)) {
    case 'boolean':
      return schema['default'] === true
    case 'integer':
    case 'number':
      return sampleNumber(request)
    case 'array':
      return sampleList(request, depth)
    case 'object':
      return sampleObject(request, depth)
    case 'null':
      return null
    default:
      return sampleText(request)
  }
}

const choiceOf = (choices: readonly Json[], schema: JsonObject): Json =>
  choices.find((value) => value === schema['default']) ?? choices[0] ?? null

function sampleNumber(request: SampleRequest): number {
  const { schema, description } = request
  if (typeof schema['default'] === 'number') return schema['default']
  if (/\b(unix|epoch)\b/i.test(description)) {
    const moment = sampleTime(request).getTime()
    return /milli/i.test(description) ? moment : Math.floor(moment / 1_000)
  }
  return Math.min(
    Math.max(usualNumber(request.name), leastOf(schema)),
    numberOf(schema['maximum'], Infinity),
  )
}

function usualNumber(name: string): number {
  const word = wordsOf(name).at(-1) ?? ''
  if (/^(amount|price|cost|total|value|cent)$/.test(word)) return 100
  return /^(limit|size|page|count)$/.test(word) ? 10 : 1
}

const numberOf = (value: unknown, otherwise: number) =>
  typeof value === 'number' ? value : otherwise

const leastOf = (schema: JsonObject): number =>
  Math.max(
    numberOf(schema['minimum'], -Infinity),
    numberOf(schema['exclusiveMinimum'], -Infinity) + 1,
  )

function sampleList(request: SampleRequest, depth: number): Json {
  const items = objectOf(request.schema['items'])
  if (depth > maxDepth) return []
  const name = request.name.replace(/s$/, '')
  const description = textOf(items['description']) || request.description
  return [sampleValue({ ...request, schema: items, name, description }, depth + 1)]
}

function sampleObject(request: SampleRequest, depth: number): Json {
  if (depth > maxDepth) return {}
  const properties = propertiesOf(request.schema)
  const names = chosenMembers(properties, new Set(requiredOf(request.schema)))
  return Object.fromEntries(
    names.map((name) => {
      const schema = properties[name] ?? {}
      const isMoment = /^(date|date_?time|time|timestamp|value)$/i.test(name)
      const inner = {
        ...request,
        schema,
        description: textOf(schema['description']),
        name: isMoment ? `${request.name}_${name}` : name,
      }
      return [name, sampleValue(inner, depth + 1)]
    }),
  )
}

/** Required members; without any, a moment where there is one, or the members that say most. */
function chosenMembers(
  properties: Readonly<Record<string, JsonObject>>,
  required: ReadonlySet<string>,
): string[] {
  const names = Object.keys(properties).filter((name) => properties[name]?.['readOnly'] !== true)
  const must = names.filter((name) => required.has(name))
  if (must.length > 0) return must
  const moment = names.find((name) => isMomentMember(name, properties[name] ?? {}))
  if (moment !== undefined) return [moment]
  const telling = names.filter((name) => isTelling(name))
  return telling.length > 0 ? telling.slice(0, 2) : names.slice(0, 1)
}

const isMomentMember = (name: string, { format }: JsonObject) =>
  format === 'date-time' || /^date_?time$/i.test(name)

const telling =
  /^(name|title|summary|subject|label|text|content|body|message|description|email|value|key)$/

/** Whether a member says what a thing is called or what stands in it. */
export const isTelling = (name: string): boolean => {
  const words = wordsOf(name)
  return words.length <= 2 && telling.test(words.at(-1) ?? '')
}
