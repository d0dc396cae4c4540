import type { ApiDescription, Operation, Parameter, RequestBody } from '@plumb/protocol'
import { deref } from '../description/schema-shape.js'
import { plainName } from './names.js'
import { namesOwnResource, saysRequired, silentlyRequired } from './required-values.js'
import type { Shape, ShapeField } from './shape.js'
import { fieldsOf, shapeOf } from './shape.js'

/** One place in a request that a value can go to. */
export type Candidate = {
  /** `composed` values go into another one. */
  readonly place: 'path' | 'query' | 'header' | 'body' | 'composed'
  /** The parameter's name, or the names from the body to the member. */
  readonly path: readonly string[]
  readonly shape: Shape
  readonly required: boolean
  readonly nullable: boolean
  readonly description: string
  readonly parameter: Parameter | null
}

const noise = new Set(
  'alt fields prettyprint quotauser userip key callback uploadtype uploadprotocol xgafv accesstoken oauthtoken apikey pretty debug locale include expand'.split(
    ' ',
  ),
)

const depth = { depth: 3, fields: 60 }

/** Everything an operation takes, required first, without deprecated, read-only and technical members. */
export function candidatesOf(description: ApiDescription, operation: Operation): Candidate[] {
  const parameters = operation.parameters
    .filter((parameter) => parameter.required || isUseful(parameter))
    .map((parameter) => {
      const candidate = fromParameter(description, parameter)
      return namesOwnResource(operation, parameter) ? { ...candidate, required: true } : candidate
    })
  const all = [...parameters, ...bodyCandidates(description, operation)]
  return [...all.filter(({ required }) => required), ...all.filter(({ required }) => !required)]
}

function isUseful(parameter: Parameter): boolean {
  if (parameter.in === 'header' || parameter.schema.deprecated === true) return false
  if (noise.has(plainName(parameter.name))) return false
  return !/\bdeprecated\b/i.test(parameter.description.slice(0, 60))
}

function fromParameter(description: ApiDescription, parameter: Parameter): Candidate {
  const { in: place, name, required } = parameter
  const shape = shapeOf(parameter.schema, description.schemas, depth)
  const told =
    parameter.description || textOf(deref(parameter.schema, description.schemas).description)
  const isRequired = required || saysRequired(told)
  return {
    place,
    path: [name],
    shape,
    required: isRequired,
    nullable: false,
    description: told,
    parameter,
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function bodyCandidates(description: ApiDescription, operation: Operation): Candidate[] {
  const body = operation.requestBody
  if (body === null) return []
  const fields = fieldsOf(body.schema, description.schemas, depth)
  if (fields.length === 0) return [wholeBody(description, body)]
  const needed = silentlyRequired(description, operation)
  return fields
    .filter((field) => field.required || isWritable(field))
    .map((field) => fromField([field.name], field))
    .map((one) => (needed.has(one.path[0] ?? '') ? { ...one, required: true } : one))
}

/** A body that is no object with known members: a list, text, bytes. */
function wholeBody(description: ApiDescription, body: RequestBody): Candidate {
  const isText = !/json|form/i.test(body.contentType)
  const shape: Shape = isText
    ? { kind: 'string' }
    : shapeOf(body.schema, description.schemas, depth)
  const { required } = body
  return {
    place: 'body',
    path: [],
    shape,
    required,
    nullable: false,
    description: '',
    parameter: null,
  }
}

function isWritable(field: ShapeField): boolean {
  return (
    !field.readOnly &&
    !/^(etag|kind)$/i.test(field.name) &&
    !/\bdeprecated\b/i.test(field.description.slice(0, 80))
  )
}

function fromField(path: readonly string[], field: ShapeField): Candidate {
  const { shape, nullable, description } = field
  const required = field.required || saysRequired(description)
  return { place: 'body', path, shape, required, nullable, description, parameter: null }
}

/** Members of body members, for values that a brief names but the top of the body does not have. */
export function nestedCandidates(candidates: readonly Candidate[]): Candidate[] {
  return candidates.flatMap((candidate) => {
    if (candidate.place !== 'body' || candidate.shape.kind !== 'object') return []
    const inner = candidate.shape.fields
      .filter(isWritable)
      .map((field) => ({ ...fromField([...candidate.path, field.name], field), required: false }))
    return [...inner, ...nestedCandidates(inner)]
  })
}
