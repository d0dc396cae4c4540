import type { Operation } from '@plumb/protocol'
import { lastResource } from '../description/schema-shape.js'
import { isVerb, wordsOf } from '../description/words.js'

/** What an operation is about: the last noun of its path, `chat` of `/chat.postMessage`. */
export function resourceOf(operation: Operation): string {
  const segments = operation.path
    .split('/')
    .filter((segment) => segment !== '' && !segment.includes('{'))
  const nouns = segments.filter((segment) => wordsOf(segment).some((word) => !isVerb(word)))
  const resource = nouns.at(-1) ?? (lastResource(operation.path) || operation.id)
  return resource.includes('.') ? (resource.split('.').at(-2) ?? resource) : resource
}
