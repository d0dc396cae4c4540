import type { Operation } from '@plumb/protocol'
import { findList } from '../description/schema-shape.js'
import type { Candidate } from './candidate-inputs.js'
import { candidatesOf } from './candidate-inputs.js'
import { constantOf } from './constant-values.js'
import type { DraftRequest } from './draft-request.js'
import type { Value } from './emit-request.js'
import { requestText } from './emit-request.js'
import { zodObject } from './emit-zod.js'
import type { Parent } from './find-parent.js'
import { findParent } from './find-parent.js'
import { camelCase, inputName, keyText, memberText, modelName } from './names.js'
import { normaliseFields } from './normalise-fields.js'
import { paginationText } from './pagination-text.js'
import type { ObjectShape, ShapeField } from './shape.js'
import { fieldsOf, isText } from './shape.js'
import { successCheck } from './success-check.js'

/** Where the required values of a sync's request come from. */
export type SyncSources = {
  readonly values: readonly Value[]
  /** Values that the connection's metadata holds; null where none are needed. */
  readonly metadata: ObjectShape | null
  readonly parent: ParentWalk | null
  readonly questions: readonly string[]
}

/** The walk over the parents of a nested list. */
export type ParentWalk = {
  readonly variable: string
  readonly field: ShapeField
  readonly declaration: readonly string[]
  around(body: readonly string[]): string[]
}

/** Constants first, then one parent list, then metadata. */
export function planSources(request: DraftRequest, operation: Operation): SyncSources {
  const required = candidatesOf(request.description, operation).filter(
    (candidate) => candidate.required,
  )
  const named = new Set(metadataNames(request))
  const values: Value[] = []
  const open: Candidate[] = []
  const questions: string[] = []
  for (const candidate of required) {
    const text = constantOf(candidate)
    if (text === null) open.push(candidate)
    else values.push({ candidate, text, optional: false, wrap: null })
  }
  const [only] = open
  const isAsked = only !== undefined && named.has(inputName(only.path.at(-1) ?? ''))
  const isId = only?.place === 'path' || only?.place === 'query'
  const parent =
    open.length === 1 && only !== undefined && isId && !isAsked
      ? findParent(request.description, operation, only)
      : null
  if (parent !== null && only !== undefined) {
    const walk = parentWalk(request, parent, only)
    values.push({ candidate: only, text: walk.variable, optional: false, wrap: null })
    questions.push(
      `Every "${only.path[0] ?? ''}" of ${parent.operation.id} is read: should it be only some?`,
    )
    return { values, metadata: null, parent: walk, questions }
  }
  if (open.length > 0)
    questions.push(
      `The connection's metadata must hold ${open.map(({ path }) => path.join('.')).join(', ')}.`,
    )
  const metadata = open.length === 0 ? null : metadataShape(open)
  values.push(
    ...open.map((candidate) => ({
      candidate,
      text: `metadata${memberText(metadataName(candidate))}`,
      optional: false,
      wrap: null,
    })),
  )
  return { values, metadata, parent: null, questions }
}

function metadataNames(request: DraftRequest): string[] {
  const { input } = request.interaction
  if (input === undefined) return []
  const fields = fieldsOf(normaliseFields(input), request.description.schemas, {
    depth: 1,
    fields: 40,
  })
  return fields.map(({ name }) => name)
}

const metadataName = (candidate: Candidate): string => inputName(candidate.path.at(-1) ?? 'body')

function metadataShape(open: readonly Candidate[]): ObjectShape {
  const fields = open.map((candidate): ShapeField => {
    const { shape, nullable, description } = candidate
    return {
      name: metadataName(candidate),
      shape,
      required: true,
      nullable,
      description,
      readOnly: false,
    }
  })
  return { kind: 'object', fields }
}

function parentWalk(request: DraftRequest, parent: Parent, candidate: Candidate): ParentWalk {
  const { operation, field } = parent
  const name = inputName(candidate.path[0] ?? 'parent')
  const variable = camelCase(/id$/i.test(name) ? name : `${name}Id`)
  const model = modelName(candidate.path[0]?.replace(/_?id$/i, '') ?? 'parent')
  const schema = `Parent${model}`
  const shape: ObjectShape = {
    kind: 'object',
    fields: [{ ...field, required: true, nullable: false }],
  }
  return {
    variable,
    field: {
      name: variable,
      shape: { kind: 'string' },
      required: true,
      nullable: false,
      description: '',
      readOnly: false,
    },
    declaration: [
      `const ${schema} = ${zodObject(shape, { missing: 'nullish', describe: false })}`,
      '',
    ],
    around: (body) => around(request, parent, { variable, schema, body }),
  }
}

type Around = {
  readonly variable: string
  readonly schema: string
  readonly body: readonly string[]
}

function around(
  request: DraftRequest,
  parent: Parent,
  { variable, schema, body }: Around,
): string[] {
  const { operation, field } = parent
  const list = findList(operation, request.description.schemas)
  const values = candidatesOf(request.description, operation).flatMap((candidate): Value[] => {
    const text = candidate.required ? constantOf(candidate) : null
    return text === null ? [] : [{ candidate, text, optional: false, wrap: null }]
  })
  const { before, members } = requestText(operation, values)
  const access = `parent${memberText(field.name)}`
  const each = [
    `const ${variable} = ${isText(field.shape) ? access : `String(${access})`}`,
    ...body,
    '}',
  ]
  if (operation.pagination === null) {
    const path = list?.path ?? []
    const parse = path.reduceRight(
      (inner, step) => `z.object({ ${keyText(step)}: ${inner} })`,
      `z.array(${schema})`,
    )
    return [
      ...before,
      'const parents = await ctx.get({',
      ...members,
      'retries: 3,',
      '})',
      ...(successCheck(request.provider)
        ?.lines('parents.data')
        .map((line) =>
          line
            .replace('const status', 'const parentStatus')
            .replaceAll('status.', 'parentStatus.')
            .replaceAll('!status', '!parentStatus'),
        ) ?? []),
      `for (const parent of ${parse}.parse(parents.data)${path.map(memberText).join('')}) {`,
      ...each,
    ]
  }
  const check = successCheck(request.provider)
  const onPage =
    check === null ? [] : ['on_page: ({ response }) => {', ...check.lines('response.data'), '},']
  return [
    ...before,
    'for await (const parents of ctx.paginate({',
    ...members,
    'retries: 3,',
    paginationText(operation.pagination, onPage),
    '})) {',
    `for (const parent of z.array(${schema}).parse(parents)) {`,
    ...each,
    '}',
  ]
}
