import type { Json, JsonObject } from '@plumb/protocol'
import { isList, isObject, listOf, objectOf, textOf } from './schema.js'
import { isSameWord, wordsOf } from './words.js'

/** What became of one call of the API. */
export type Answer = {
  readonly status: number
  readonly body: Json
  readonly receiptId: string | null
  /** The API's words for what went wrong; null when the call succeeded. */
  readonly failure: string | null
}

/** Reads the answer of `plumb request`. */
export function answerOf(output: JsonObject): Answer {
  const status = typeof output['status'] === 'number' ? output['status'] : 0
  const body = output['body'] ?? null
  const receiptId = typeof output['receiptId'] === 'string' ? output['receiptId'] : null
  return {
    status,
    body,
    receiptId,
    failure: failureOf(status, body) ?? toolFailure(output, status),
  }
}

const toolFailure = (output: JsonObject, status: number): string | null =>
  status === 0 ? textOf(output['error']) || 'no answer' : null

/** A failed call, by its status, or said in the body of an answer with status 200. */
function failureOf(status: number, body: Json): string | null {
  if (status >= 400) return `${status} ${errorText(body)}`
  if (!isObject(body)) return null
  const isRefusal = ['ok', 'success'].some((name) => body[name] === false)
  const isError =
    isRefusal ||
    (typeof body['error'] === 'string' && body['ok'] !== true && Object.keys(body).length <= 3)
  return isError || isErrorList(body) ? `${status} ${errorText(body)}` : null
}

const isErrorList = (body: JsonObject): boolean =>
  listOf(body['errors']).length > 0 && (body['data'] === null || body['data'] === undefined)

/** Everything an error body says, as one text: names and values of its members. */
export function errorText(body: Json): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return text.slice(0, 2_000)
}

const envelopes = [
  'items',
  'data',
  'results',
  'values',
  'records',
  'entries',
  'nodes',
  'elements',
  'list',
  'resources',
  'rows',
  'objects',
]

/** The list in an answer: the body itself, the member named after the thing, a usual envelope, or the only list. */
export function itemsOf(body: Json, noun: readonly string[]): readonly Json[] {
  if (isList(body)) return body
  if (!isObject(body)) return []
  const lists = Object.entries(body).filter(([, value]) => isList(value))
  const named = lists.find(([name]) => isSameWord(wordsOf(name).at(-1) ?? '', noun.at(-1) ?? ''))
  const usual = envelopes
    .map((name) => lists.find(([key]) => key === name))
    .find((entry) => entry !== undefined)
  const found = (named ??
    usual ??
    lists.find(([, value]) => listOf(value).some(isObject)) ??
    lists[0])?.[1]
  if (found !== undefined) return listOf(found)
  const inner = ['data', 'result', 'response', ...Object.keys(body)]
    .map((name) => body[name])
    .find(isObject)
  return inner === undefined ? [] : itemsOf(inner, noun)
}

/** The one thing in an answer: the member named after it, the content of an envelope, or the body itself. */
export function itemOf(body: Json, noun: readonly string[]): JsonObject | null {
  if (isList(body)) return body.find(isObject) ?? null
  if (!isObject(body)) return null
  const named = Object.entries(body).find(
    ([name, value]) => isObject(value) && isSameWord(wordsOf(name).at(-1) ?? '', noun.at(-1) ?? ''),
  )
  if (named !== undefined && body['id'] === undefined) return objectOf(named[1])
  const inner = ['data', 'result', 'item', 'record', 'response']
    .map((name) => body[name])
    .find(isObject)
  return inner !== undefined && body['id'] === undefined ? itemOf(inner, noun) : body
}
