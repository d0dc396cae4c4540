import type { ApiDescription, Operation } from '@plumb/protocol'
import { findList, lastResource } from '../description/schema-shape.js'
import { isIdentity, relaxed, usefulFields } from './choose-fields.js'
import { zodObject } from './emit-zod.js'
import type { MappedField, RecordMapping } from './map-record.js'
import { mapAsked, mapSame } from './map-record.js'
import { entryText, modelName, variableName } from './names.js'
import type { ShapeField } from './shape.js'
import { fieldsOf } from './shape.js'

/** The items of a list and how they become results. */
export type ItemMapping = {
  readonly model: string
  readonly variable: string
  readonly offered: readonly ShapeField[]
  readonly mapping: RecordMapping
}

const depth = { depth: 4, fields: 120 }

/** What the list of an operation holds; a list of plain values has no members. */
export function itemFields(description: ApiDescription, operation: Operation): ShapeField[] {
  const list = findList(operation, description.schemas)
  if (list === null) return []
  return fieldsOf(list.items, description.schemas, depth).map((field) => ({
    ...field,
    shape: relaxed(field.shape, 3),
  }))
}

export function itemModel(operation: Operation, listPath: readonly string[]): string {
  const resource = lastResource(operation.path)
  const method = resource.includes('.') ? resource.split('.') : null
  if (method !== null)
    return modelName(
      method.at(-1) === 'list' ? (method.at(-2) ?? resource) : (listPath.at(-1) ?? resource),
    )
  return modelName(resource === '' ? (listPath.at(-1) ?? 'item') : resource)
}

/** Maps the asked members, or the useful ones. */
export function mapItems(
  operation: Operation,
  offered: readonly ShapeField[],
  from: {
    asked: readonly ShapeField[] | null
    listPath: readonly string[]
    without?: readonly string[]
  },
): ItemMapping {
  const model = itemModel(operation, from.listPath)
  const variable = variableName(model)
  const without = new Set(from.without ?? [])
  if (from.asked !== null) {
    const asked = from.asked.filter(({ name }) => !without.has(name))
    return { model, variable, offered, mapping: mapAsked(asked, offered, variable) }
  }
  const isSilent = !offered.some(({ required }) => required)
  const useful = usefulFields(offered).filter(({ name }) => !without.has(name))
  const sure = useful.map((field) =>
    isSilent && isIdentity(field.name) ? { ...field, required: true, nullable: false } : field,
  )
  return { model, variable, offered, mapping: mapSame(sure, variable) }
}

/** The mapped members and those that identity or deletion need; where both have one, the stricter wins. */
function withNeeded(mapped: readonly ShapeField[], needed: readonly ShapeField[]): ShapeField[] {
  const merged = mapped.map((field) => {
    const other = needed.find(({ name }) => name === field.name)
    return other?.required === true ? { ...field, required: true, nullable: false } : field
  })
  const names = new Set(mapped.map(({ name }) => name))
  return [...needed.filter(({ name }) => !names.has(name)), ...merged]
}

/** The schema of what the provider answers, the schema of a result, and the function between them. */
export function itemDeclarations(
  items: ItemMapping,
  extra: {
    answer: readonly ShapeField[]
    before: readonly MappedField[]
    parameters: readonly string[]
  },
): string[] {
  const { model, variable, mapping } = items
  const answer = withNeeded(mapping.answer.fields, extra.answer)
  const fields = [...extra.before, ...mapping.fields]
  const result = { kind: 'object' as const, fields: fields.map((field) => field.result) }
  return [
    '// What of the answer is used.',
    `const Provider${model} = ${zodObject({ kind: 'object', fields: answer }, { missing: 'nullish', describe: false })}`,
    '',
    `const ${model} = ${zodObject(result, { missing: 'optional', nested: 'nullish', describe: false })}`,
    '',
    `function to${model}(${[`${variable}: z.infer<typeof Provider${model}>`, ...extra.parameters].join(', ')}): z.infer<typeof ${model}> {`,
    'return {',
    ...fields.map(({ result: field, text }) => entryText(field.name, text)),
    '}',
    '}',
  ]
}
