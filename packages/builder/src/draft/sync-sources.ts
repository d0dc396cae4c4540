import type { Operation } from '@plumb/protocol'
import { objectOf } from '../description/document.js'
import type { Candidate } from './candidate-inputs.js'
import { candidatesOf } from './candidate-inputs.js'
import { constantOf } from './constant-values.js'
import type { DraftRequest } from './draft-request.js'
import { interactionText } from './draft-request.js'
import type { Value } from './emit-request.js'
import type { Parent } from './find-parent.js'
import { findParent } from './find-parent.js'
import { documentedWord, isToldValue } from './told-values.js'
import { inputName, memberText, plainName, quote } from './names.js'
import { normaliseFields } from './normalise-fields.js'
import type { ParentWalk } from './parent-walk.js'
import { parentName, parentVariable, parentWalk } from './parent-walk.js'
import type { ObjectShape, ShapeField } from './shape.js'

/** Where the values of a sync's request come from. */
export type SyncSources = {
  readonly values: readonly Value[]
  /** Values that the connection's metadata holds; null where none are needed. */
  readonly metadata: ObjectShape | null
  readonly parent: ParentWalk | null
  readonly questions: readonly string[]
}

/** Constants first, then one parent list, then metadata. */
export function planSources(request: DraftRequest, operation: Operation): SyncSources {
  const candidates = candidatesOf(request.description, operation)
  const words = interactionText(request.interaction)
  const fixed = candidates.flatMap((candidate) => fixedValue(candidate, words))
  const taken = new Set(fixed.map(({ candidate }) => candidate))
  const asked = new Set(briefNames(request))
  const isAsked = (candidate: Candidate): boolean =>
    asked.has(plainName(candidate.path.at(-1) ?? ''))
  const open = candidates.filter(
    (candidate) => !taken.has(candidate) && (candidate.required || isAsked(candidate)),
  )
  const [only] = open
  const parent =
    open.length === 1 && only !== undefined && isOpenParent(only, words) && !isAsked(only)
      ? findParent(request.description, operation, only)
      : null
  if (parent === null || only === undefined) return fromMetadata(fixed, open)
  return fromParent(request, fixed, { parent, candidate: only, child: operation })
}

/** A parent whose value the words give is one, not all of them. */
const isOpenParent = (candidate: Candidate, words: string): boolean =>
  candidate.place !== 'body' && !isToldValue(candidate, words)

/** Values that never change: the account's own word, the documented one that is asked for, and `all` where a list is narrowed by default. */
function fixedValue(candidate: Candidate, words: string): Value[] {
  const text = candidate.required
    ? (constantOf(candidate) ?? documentedWord(candidate, words))
    : wholeList(candidate)
  return text === null ? [] : [valueOf(candidate, text)]
}

const valueOf = (candidate: Candidate, text: string): Value => ({
  candidate,
  text,
  optional: false,
  wrap: null,
})

/** A copy needs every item, so a filter whose documented values include `all` gets it. */
function wholeList({ place, path, shape, parameter }: Candidate): string | null {
  if (place !== 'query' || shape.kind !== 'enum' || !shape.values.includes('all')) return null
  const isFilter = /^(state|status|filter|archived|visibility)$/i.test(path[0] ?? '')
  return isFilter && parameter?.schema.default !== 'all' ? quote('all') : null
}

function fromParent(
  request: DraftRequest,
  fixed: readonly Value[],
  found: { parent: Parent; candidate: Candidate; child: Operation },
): SyncSources {
  const { parent, candidate } = found
  const parameter = candidate.path[0] ?? 'parent'
  const name = parentName(found.child.path, parameter)
  const value = valueOf(candidate, parentVariable(name))
  const question = `Every "${parameter}" that ${parent.operation.id} lists is read: should it be only some?`
  const walk = parentWalk(request, parent, name)
  return { values: [...fixed, value], metadata: null, parent: walk, questions: [question] }
}

function fromMetadata(fixed: readonly Value[], open: readonly Candidate[]): SyncSources {
  if (open.length === 0) return { values: fixed, metadata: null, parent: null, questions: [] }
  const names = open.map(({ path }) => path.join('.')).join(', ')
  const values = open.map((candidate) =>
    valueOf(candidate, `metadata${memberText(metadataName(candidate))}`),
  )
  return {
    values: [...fixed, ...values],
    metadata: { kind: 'object', fields: open.map(metadataField) },
    parent: null,
    questions: [`The connection's metadata must hold ${names}.`],
  }
}

function briefNames({ interaction }: DraftRequest): string[] {
  if (interaction.input === undefined) return []
  return Object.keys(objectOf(normaliseFields(interaction.input).properties)).map(plainName)
}

const metadataName = (candidate: Candidate): string => inputName(candidate.path.at(-1) ?? 'body')

function metadataField(candidate: Candidate): ShapeField {
  const { shape, nullable, description } = candidate
  const name = metadataName(candidate)
  return { name, shape, required: true, nullable, description, readOnly: false }
}
