import { findList, lastResource } from '../description/schema-shape.js'
import { candidatesOf } from './candidate-inputs.js'
import { constantOf } from './constant-values.js'
import type { DraftRequest } from './draft-request.js'
import type { RequestText, Value } from './emit-request.js'
import { requestText } from './emit-request.js'
import { zodObject } from './emit-zod.js'
import type { Parent } from './find-parent.js'
import { camelCase, keyText, memberText, modelName } from './names.js'
import { paginationText } from './pagination-text.js'
import type { ObjectShape, ShapeField } from './shape.js'
import { isText } from './shape.js'
import { onPageLines, successCheck } from './success-check.js'

/** The walk over the parents of a nested list. */
export type ParentWalk = {
  /** The variable that holds a parent's id. */
  readonly variable: string
  /** The member of a record that names its parent. */
  readonly field: ShapeField
  readonly declaration: readonly string[]
  around(body: readonly string[]): string[]
}

/** What a parent is called: by its parameter (`channel_id`), or by its collection where that is only `id`. */
export function parentName(childPath: string, parameter: string): string {
  const own = parameter.replace(/_?(id|key|uuid|slug)$/i, '')
  if (own !== '') return own
  const before = childPath.split(`/{${parameter}}`)[0] ?? ''
  return modelName(lastResource(before) || 'parent')
}

/** `channel` and `channel_id` are both walked as `channelId`. */
export const parentVariable = (name: string): string => camelCase(`${name} id`)

export function parentWalk(request: DraftRequest, parent: Parent, name: string): ParentWalk {
  const variable = parentVariable(name)
  const schema = `Parent${modelName(name)}`
  const shape: ObjectShape = {
    kind: 'object',
    fields: [{ ...parent.field, required: true, nullable: false }],
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

function around(request: DraftRequest, parent: Parent, walk: Around): string[] {
  const { operation, field } = parent
  const access = `parent${memberText(field.name)}`
  const id = isText(field.shape) ? access : `String(${access})`
  const each = [`const ${walk.variable} = ${id}`, ...walk.body, '}']
  const call = requestText(operation, constantsFor(request, parent))
  if (operation.pagination === null)
    return wholeList(request, parent, { call, each, schema: walk.schema })
  return [
    ...call.before,
    'for await (const parents of ctx.paginate({',
    ...call.members,
    'retries: 3,',
    paginationText(operation.pagination, onPageLines(request.provider)),
    '})) {',
    `for (const parent of z.array(${walk.schema}).parse(parents)) {`,
    ...each,
    '}',
  ]
}

function constantsFor(request: DraftRequest, { operation }: Parent): Value[] {
  return candidatesOf(request.description, operation).flatMap((candidate): Value[] => {
    const text = candidate.required ? constantOf(candidate) : null
    return text === null ? [] : [{ candidate, text, optional: false, wrap: null }]
  })
}

function wholeList(
  request: DraftRequest,
  { operation }: Parent,
  from: { call: RequestText; each: readonly string[]; schema: string },
): string[] {
  const path = findList(operation, request.description.schemas)?.path ?? []
  const parse = path.reduceRight(
    (inner, step) => `z.object({ ${keyText(step)}: ${inner} })`,
    `z.array(${from.schema})`,
  )
  return [
    ...from.call.before,
    'const parents = await ctx.get({',
    ...from.call.members,
    'retries: 3,',
    '})',
    ...(successCheck(request.provider)?.lines('parents.data', 'parentStatus') ?? []),
    `for (const parent of ${parse}.parse(parents.data)${path.map(memberText).join('')}) {`,
    ...from.each,
  ]
}
