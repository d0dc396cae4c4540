import type { JsonObject } from '@plumb/protocol'
import { isObject, listOf, objectOf, propertiesOf, requiredOf, textOf } from './schema.js'

/** An operation as a search lists it. */
export type OperationName = {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly summary: string
}

/** One value that a request takes. */
export type Field = {
  readonly name: string
  readonly place: 'path' | 'query' | 'header' | 'body'
  readonly required: boolean
  readonly description: string
  readonly schema: JsonObject
}

/** An operation in full, as `plumb docs show` tells it. */
export type Operation = OperationName & {
  readonly description: string
  readonly fields: readonly Field[]
  readonly contentType: string | null
  /** The whole body, where it is something else than an object with members. */
  readonly bodySchema: JsonObject | null
  /** Schema of the first answer with a status of 2xx. */
  readonly answer: JsonObject | null
}

const places = ['path', 'query', 'header'] as const

function parameterOf(value: unknown): Field[] {
  const { name, in: place, required, description, schema } = objectOf(value)
  const known = places.find((one) => one === place)
  if (known === undefined || typeof name !== 'string') return []
  return [
    {
      name,
      place: known,
      required: required === true || known === 'path',
      description: textOf(description) || textOf(objectOf(schema)['description']),
      schema: objectOf(schema),
    },
  ]
}

function bodyFields(schema: JsonObject): Field[] {
  const required = new Set(requiredOf(schema))
  return Object.entries(propertiesOf(schema))
    .filter(([, member]) => member['readOnly'] !== true)
    .map(([name, member]) => ({
      name,
      place: 'body' as const,
      required: required.has(name),
      description: textOf(member['description']),
      schema: member,
    }))
}

export function nameOf(value: unknown): OperationName | null {
  const { id, method, path, summary } = objectOf(value)
  if (typeof id !== 'string' || typeof method !== 'string' || typeof path !== 'string') return null
  return { id, method: method.toUpperCase(), path, summary: textOf(summary) }
}

/** Reads the answer of `plumb docs show`; null when it is none. */
export function parseOperation(value: unknown): Operation | null {
  const shown = objectOf(objectOf(value)['operation'])
  const name = nameOf(shown)
  if (name === null) return null
  const body = isObject(shown['requestBody']) ? shown['requestBody'] : null
  const schema = objectOf(body?.['schema'])
  const members = body === null ? [] : bodyFields(schema)
  return {
    ...name,
    description: textOf(shown['description']),
    fields: [...listOf(shown['parameters']).flatMap(parameterOf), ...members],
    contentType: body === null ? null : textOf(body['contentType']) || 'application/json',
    bodySchema: body !== null && members.length === 0 ? schema : null,
    answer: answerSchema(shown),
  }
}

function answerSchema(shown: JsonObject): JsonObject | null {
  const answers = listOf(shown['responses']).map(objectOf)
  const success = answers.find(({ status }) => /^2/.test(textOf(status)))
  return isObject(success?.['schema']) ? success['schema'] : null
}

/** The path's parts; placeholders keep their braces, and `{id}:send` is two parts. */
export const segmentsOf = (path: string): string[] =>
  path
    .replaceAll('}:', '}/:')
    .split('/')
    .filter((part) => part !== '')

export const placeholderOf = (segment: string): string | null =>
  /^\{([^{}]+)\}$/.exec(segment)?.[1] ?? null
