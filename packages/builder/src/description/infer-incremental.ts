import type { RawOperation } from './raw-operation.js'
import type { Schemas } from './schema-shape.js'
import { findList } from './schema-shape.js'

const names = [
  /^updated_?(at)?_?(min|after|since|from|gte?)$/i,
  /^(last_?)?(modified|updated|changed)_?(date|time|at|on)?_?(since|after|min|from|gte?)$/i,
  /^(min|from|since)_?(updated|modified|changed)(_?at)?$/i,
  /^(modified|updated|changed)(_?at|_?on|_?date)?\[(gte?|after|since|min)\]$/i,
  /^filter\[(updated|modified|changed)_?(at)?_?(after|since|gte?|min)\]$/i,
  /^since$/i,
  /^oldest$/i,
]

/** The query parameter that restricts a list to what changed since a time, or null. */
export function inferIncremental(operation: RawOperation, schemas: Schemas): string | null {
  if (operation.method !== 'GET' || findList(operation, schemas) === null) return null
  const query = operation.parameters.filter((parameter) => parameter.in === 'query')
  for (const pattern of names) {
    const found = query.find(
      ({ name, description }) => pattern.test(name) && !isIdentity(description),
    )
    if (found !== undefined) return found.name
  }
  return null
}

/** `since` may also be "an id greater than this one", which is a cursor and not a time. */
function isIdentity(description: string): boolean {
  return (
    /\b(an?|the) (user|organization|[a-z]+)? ?id\b/i.test(description) &&
    !/\btime|date|timestamp\b/i.test(description)
  )
}
