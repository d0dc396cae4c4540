import type { Operation, Parameter } from '@plumb/protocol'
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
  if (parameter.in !== 'query' || parameter.schema.type !== 'string') return false
  const nouns = calledResource(operation.path)
  const words = wordsOf(parameter.name).filter((word) => word !== 'id')
  const [noun] = nouns
  const [word] = words
  if (noun === undefined || word === undefined || nouns.length + words.length > 2) return false
  return noun === word || relatedWords(word).includes(noun)
}

/** The words before the method of a path such as `/conversations.history`, where the method works on one of them. */
function calledResource(path: string): string[] {
  const [resource, method, ...rest] = (path.split('/').at(-1) ?? '').split('.')
  if (resource === undefined || method === undefined || rest.length > 0) return []
  const intent = intentOf(wordsOf(method))
  return intent === 'list' || intent === 'create' || intent === 'search' ? [] : wordsOf(resource)
}
