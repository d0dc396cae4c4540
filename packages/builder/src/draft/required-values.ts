import type { ApiDescription, JsonSchema, Operation, Parameter } from '@plumb/protocol'
import { deref, propertiesOf } from '../description/schema-shape.js'
import { relatedWords } from '../description/thesaurus.js'
import { intentOf, wordsOf } from '../description/words.js'

/** Whether the words of a description demand the value, which the schema beside them often forgets. */
export function saysRequired(description: string): boolean {
  const text = description.trim()
  return (
    /^[([*_]*required\b(?! (if|when|only|unless|for)\b)/i.test(text) ||
    /(^|[.!]\s+)[([]?required[\])]?\.?$/i.test(text)
  )
}

/**
 * In paths such as `/conversations.history` the thing itself is a plain parameter (`channel`): without it the
 * call means nothing, whatever its schema says.
 */
export function namesOwnResource(operation: Operation, parameter: Parameter): boolean {
  return parameter.in === 'query' && isOwnResource(operation, parameter.name, parameter.schema)
}

function isOwnResource({ path }: Operation, name: string, schema: JsonSchema): boolean {
  if (schema.type !== 'string') return false
  const nouns = calledResource(path)
  const words = wordsOf(name).filter((word) => word !== 'id')
  const [noun] = nouns
  const [word] = words
  if (noun === undefined || word === undefined || nouns.length + words.length > 2) return false
  return noun === word || relatedWords(word).includes(noun)
}

/**
 * Members of a body whose schema requires nothing, in paths such as `/conversations.invite`: the thing itself, what
 * the summary names ("Invites users to a channel"), and what another method of the same resource requires.
 */
export function silentlyRequired(
  description: ApiDescription,
  operation: Operation,
): ReadonlySet<string> {
  const members = membersOf(description, operation)
  if (
    !isCalled(operation.path) ||
    operation.method === 'GET' ||
    requiredOf(description, operation).length > 0
  )
    return new Set()
  const told = new Set(wordsOf(operation.summary))
  const near = new Set(
    siblings(description, operation).flatMap((one) => requiredOf(description, one)),
  )
  const needed = Object.entries(members).filter(
    ([name, schema]) =>
      isOwnResource(operation, name, schema) || near.has(name) || isTold(name, schema, told),
  )
  return new Set(needed.map(([name]) => name))
}

const isTold = (name: string, schema: JsonSchema, told: ReadonlySet<string>): boolean => {
  const words = wordsOf(name).filter((word) => word !== 'id')
  return schema.type === 'string' && words.length > 0 && words.every((word) => told.has(word))
}

const isCalled = (path: string): boolean => /^[^.]+\.[^.]+$/.test(path.split('/').at(-1) ?? '')

const bodyOf = ({ schemas }: ApiDescription, { requestBody }: Operation): JsonSchema =>
  requestBody === null ? {} : deref(requestBody.schema, schemas)

const membersOf = (description: ApiDescription, operation: Operation) =>
  propertiesOf(bodyOf(description, operation), description.schemas)

const requiredOf = (description: ApiDescription, operation: Operation): string[] =>
  namesIn(bodyOf(description, operation).required)

const namesIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []

/** Other methods that change or remove one of the same things. */
function siblings({ operations }: ApiDescription, { path }: Operation): Operation[] {
  const resource = path.slice(0, path.lastIndexOf('.') + 1)
  return operations.filter(
    (other) =>
      other.path !== path &&
      other.path.startsWith(resource) &&
      ['update', 'delete'].includes(intentOf(wordsOf(other.path.slice(resource.length))) ?? ''),
  )
}

/** The words before the method of a path such as `/conversations.history`, where the method works on one of them. */
function calledResource(path: string): string[] {
  const [resource, method, ...rest] = (path.split('/').at(-1) ?? '').split('.')
  if (resource === undefined || method === undefined || rest.length > 0) return []
  const intent = intentOf(wordsOf(method))
  return intent === 'list' || intent === 'create' || intent === 'search' ? [] : wordsOf(resource)
}
