import type { ApiDescription, Operation } from '@plumb/protocol'
import { findList, lastResource } from '../description/schema-shape.js'
import { relatedWords } from '../description/thesaurus.js'
import { wordsOf } from '../description/words.js'
import type { Candidate } from './candidate-inputs.js'
import { candidatesOf } from './candidate-inputs.js'
import { constantOf } from './constant-values.js'
import { itemFields } from './item-mapping.js'
import { plainName } from './names.js'
import type { ShapeField } from './shape.js'
import { isScalar } from './shape.js'

/** The list that holds the parents of a nested resource, and the member of a parent that the path needs. */
export type Parent = { readonly operation: Operation; readonly field: ShapeField }

/** Finds an operation that lists the values a required parameter takes, and needs nothing itself. */
export function findParent(
  description: ApiDescription,
  child: Operation,
  candidate: Candidate,
): Parent | null {
  const words = parentWords(child, candidate)
  if (words.length === 0) return null
  const ranked = description.operations
    .filter((operation) => operation !== child && isFreeList(description, operation))
    .map((operation) => ({ operation, score: score(operation, child, words) }))
    .filter(({ score: points }) => points > 0)
    .sort((a, b) => b.score - a.score || a.operation.path.length - b.operation.path.length)
  for (const { operation } of ranked) {
    const field = parentField(itemFields(description, operation), candidate)
    if (field !== null) return { operation, field }
  }
  return null
}

/** The words of the parent: of its parameter, and of the collection before it in the path. */
function parentWords(child: Operation, candidate: Candidate): string[] {
  const name = candidate.path[0] ?? ''
  const own = wordsOf(name).filter((word) => !/^(id|key|name|number|slug|uuid|gid)$/.test(word))
  if (own.length > 0) return own
  const before = child.path.split(`/{${name}}`)[0] ?? ''
  return wordsOf(lastResource(before))
}

function isFreeList(description: ApiDescription, operation: Operation): boolean {
  if (
    operation.method !== 'GET' ||
    operation.deprecated ||
    findList(operation, description.schemas) === null
  )
    return false
  return candidatesOf(description, operation).every(
    (candidate) => !candidate.required || constantOf(candidate) !== null,
  )
}

function score(operation: Operation, child: Operation, words: readonly string[]): number {
  const resource = resourceWords(operation)
  const covered = words.filter((word) => resource.some((other) => other === word)).length
  const related = words.filter((word) =>
    relatedWords(word).some((other) => resource.includes(other)),
  ).length
  if (covered === 0 && related === 0) return 0
  const prefix = child.path.startsWith(`${operation.path}/{`) ? 3 : 0
  const extra = resource.length - covered
  return covered * 2 + related + prefix - extra * 0.5
}

function resourceWords(operation: Operation): string[] {
  const resource = lastResource(operation.path)
  const plain = resource.includes('.') ? resource.split('.').slice(0, -1).join(' ') : resource
  return wordsOf(plain).filter((word) => word !== 'list')
}

/** The member that has the parameter's name, or the parent's id. */
function parentField(fields: readonly ShapeField[], candidate: Candidate): ShapeField | null {
  const name = plainName(candidate.path[0] ?? '')
  const scalars = fields.filter((field) => isScalar(field.shape))
  const same = scalars.find((field) => plainName(field.name) === name)
  return same ?? scalars.find((field) => plainName(field.name) === 'id') ?? null
}
