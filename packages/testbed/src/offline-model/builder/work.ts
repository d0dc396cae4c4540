import type { Json, JsonObject } from '@plumb/protocol'
import type { Answer } from '../api/answer.js'
import { answerOf } from '../api/answer.js'
import type { Field, Operation, OperationName } from '../api/operation.js'
import { nameOf, parseOperation } from '../api/operation.js'
import { listOf, plainText, textOf } from '../api/schema.js'
import type { Play } from '../conversation/play-from-start.js'
import type { SampleRequest } from '../values/sample.js'
import type { Task } from './task.js'
import type { Toolbox } from './toolbox.js'

/** Values by the name of the field they are sent as. */
export type Values = Record<string, Json>

/** Something that this attempt created. */
export type OwnResource = {
  readonly noun: readonly string[]
  readonly item: JsonObject
  readonly values: Values
}

export type Receipt = { readonly id: string; readonly call: string; readonly status: number }

/** Everything known in one attempt. */
export type Work = {
  readonly tools: Toolbox
  readonly task: Task
  readonly shown: Map<string, Operation>
  /** The operations of the API by name; all of them where `isComplete`. */
  catalogue: readonly OperationName[]
  isComplete: boolean
  readonly own: OwnResource[]
  readonly receipts: Receipt[]
  /** References found so far, by what they name, so that the same thing is meant everywhere. */
  readonly bindings: Map<string, Json>
  /** Values that turned out wrong: `channel=C1`. */
  readonly avoided: Set<string>
  /** Operations that are being called for a prerequisite right now. */
  readonly underway: Set<string>
  salt: number
}

const maxCatalogue = 150

export function* openWork(tools: Toolbox, task: Task): Play<Work> {
  const listed = yield* tools.plumb(
    ['docs', 'search', '--limit', String(maxCatalogue)],
    'List the operations of the API.',
  )
  const catalogue = namesIn(listed)
  return {
    tools,
    task,
    catalogue,
    isComplete: listed['truncated'] !== true && listed['total'] === catalogue.length,
    shown: new Map(),
    own: [],
    receipts: [],
    bindings: new Map(),
    avoided: new Set(),
    underway: new Set(),
    salt: 0,
  }
}

const namesIn = (listed: JsonObject): OperationName[] =>
  listOf(listed['operations']).flatMap((one) => nameOf(one) ?? [])

/** Finds operations by words; what is found joins the catalogue. */
export function* searchOperations(work: Work, words: readonly string[]): Play<OperationName[]> {
  const found = namesIn(
    yield* work.tools.plumb(
      ['docs', 'search', ...words, '--limit', '8'],
      `Look for: ${words.join(' ')}.`,
    ),
  )
  const known = new Set(work.catalogue.map(({ id }) => id))
  work.catalogue = [...work.catalogue, ...found.filter(({ id }) => !known.has(id))]
  return found
}

/** The operations in full, those not yet seen in one command. Unknown ids are left out. */
export function* showOperations(work: Work, ids: readonly string[]): Play<Operation[]> {
  const open = [...new Set(ids)].filter((id) => !work.shown.has(id))
  if (open.length > 0) {
    const commands = open.map((id) => ['docs', 'show', id])
    const answers = yield* work.tools.plumbEach(commands, `Read about ${open.join(', ')}.`)
    for (const operation of answers.map(parseOperation))
      if (operation !== null) work.shown.set(operation.id, operation)
  }
  return ids.flatMap((id) => work.shown.get(id) ?? [])
}

/** Calls the API with values for the operation's fields. */
export function* perform(work: Work, operation: Operation, values: Values): Play<Answer> {
  const { method, path, contentType } = operation
  const endpoint = path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) =>
    encodeURIComponent(plainText(values[name] ?? '')),
  )
  const given = operation.fields.filter(({ name }) => values[name] !== undefined)
  const query = given
    .filter(({ place }) => place === 'query')
    .flatMap((field) => queryOf(field, values[field.name] ?? null))
  const headers = given
    .filter(({ place }) => place === 'header')
    .flatMap(({ name }) => ['--header', `${name}=${plainText(values[name] ?? '')}`])
  const body = bodyOf(operation, values)
  const type =
    contentType !== null && body !== null && !/^application\/json\b/i.test(contentType)
      ? ['--header', `content-type=${contentType}`]
      : []
  const output = yield* work.tools.plumb(
    [
      'request',
      method,
      endpoint,
      ...query,
      ...headers,
      ...type,
      ...(body === null ? [] : ['--body', JSON.stringify(body)]),
    ],
    `Call ${method} ${endpoint}.`,
  )
  const answer = answerOf(output)
  if (answer.receiptId !== null)
    work.receipts.push({
      id: answer.receiptId,
      call: `${method} ${endpoint}`,
      status: answer.status,
    })
  return answer
}

const queryOf = ({ name }: Field, value: Json): string[] =>
  (Array.isArray(value) ? (value as readonly Json[]) : [value]).flatMap((one) => [
    '--query',
    `${name}=${plainText(one)}`,
  ])

function bodyOf({ fields, bodySchema, contentType }: Operation, values: Values): Json {
  if (contentType === null) return null
  if (bodySchema !== null) return values['body'] ?? null
  const members = fields.filter(({ place, name }) => place === 'body' && values[name] !== undefined)
  return Object.fromEntries(members.map(({ name }) => [name, values[name] ?? null]))
}

/** What a made-up value for a field has to fit. */
export function sampleRequest(work: Work, field: Field, noun: readonly string[]): SampleRequest {
  const { namespace, now } = work.task
  const { name, schema } = field
  const description = field.description || textOf(schema['description'])
  return {
    ...{ name, schema, description, namespace, now },
    salt: work.salt,
    noun: noun.join('-'),
    isSearch: false,
  }
}
