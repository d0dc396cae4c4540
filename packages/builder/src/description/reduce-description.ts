import type { ApiDescription, JsonSchema, Operation, Parameter } from '@plumb/protocol'
import { textOf } from './document.js'
import type { Schemas } from './schema-shape.js'
import { deref, propertiesOf, requiredOf, successResponse, typesOf } from './schema-shape.js'

const maxBytes = 12_000
const maxFields = 40

/** The operations as Markdown for an agent: parameters, body and main response fields, at most about 12 KB. */
export function reduceDescription(
  description: ApiDescription,
  operations: readonly Operation[],
): string {
  const parts = [`# ${description.title}`, '']
  if (description.baseUrl !== null)
    parts.push(`Endpoints are relative to ${description.baseUrl}`, '')
  let text = parts.join('\n')
  const left: string[] = []
  for (const operation of operations) {
    const section = sectionOf(description.schemas, operation)
    if (Buffer.byteLength(text) + Buffer.byteLength(section) > maxBytes) left.push(operation.id)
    else text += section
  }
  const more = left.length > 0 ? `Not shown for length: ${left.slice(0, 20).join(', ')}. ` : ''
  return `${text}\n${more}\`plumb docs search <words>\` finds the other operations of this API (${description.operations.length} in all); \`plumb docs show <operationId>\` shows one in full.\n`
}

function sectionOf(schemas: Schemas, operation: Operation): string {
  const lines = [`\n## ${operation.id}`, '', `\`${operation.method} ${operation.path}\``, '']
  const told = operation.description || operation.summary
  if (told !== '') lines.push(oneLine(told, 400), '')
  if (operation.scopes.length > 0) {
    lines.push(
      `Scopes (any one of): ${operation.scopes.map((list) => list.join(' + ')).join(' | ')}`,
      '',
    )
  }
  for (const parameter of operation.parameters.slice(0, maxFields)) {
    lines.push(parameterLine(parameter, schemas))
  }
  const { requestBody } = operation
  if (requestBody !== null) {
    lines.push('', `Body (${requestBody.contentType}):`, ...fieldLines(requestBody.schema, schemas))
  }
  const response = successResponse(operation.responses)
  if (response !== null) {
    lines.push('', `Answers ${response.status}:`, ...fieldLines(response.schema ?? {}, schemas))
  }
  if (operation.pagination !== null)
    lines.push('', `Pages: ${JSON.stringify(operation.pagination)}`)
  if (operation.incrementalParameter !== null) {
    lines.push('', `Only changes since a time: \`${operation.incrementalParameter}\``)
  }
  return `${lines.join('\n')}\n`
}

function parameterLine(parameter: Parameter, schemas: Schemas): string {
  const must = parameter.required ? ', required' : ''
  const type = typeName(deref(parameter.schema, schemas), schemas)
  return `- ${parameter.in} \`${parameter.name}\` (${type}${must}) ${oneLine(parameter.description, 140)}`.trimEnd()
}

function fieldLines(schema: JsonSchema, schemas: Schemas, indent = ''): string[] {
  const body = deref(schema, schemas)
  if (typesOf(body).includes('array'))
    return [
      `${indent}a list of:`,
      ...fieldLines(deref(body.items, schemas), schemas, `${indent}  `),
    ]
  const required = new Set(requiredOf(body, schemas))
  const fields = Object.entries(propertiesOf(body, schemas))
  if (fields.length === 0) return [`${indent}- ${typeName(body, schemas)}`]
  return fields.slice(0, maxFields).flatMap(([name, value]) => {
    const field = deref(value, schemas)
    const must = required.has(name) ? ', required' : ''
    const told = oneLine(textOf(value.description ?? field.description), 100)
    const line = `${indent}- \`${name}\` (${typeName(field, schemas)}${must}) ${told}`.trimEnd()
    const isDeep = indent !== '' || Object.keys(propertiesOf(field, schemas)).length === 0
    return isDeep ? [line] : [line, ...fieldLines(field, schemas, '  ').slice(0, 12)]
  })
}

function typeName(schema: JsonSchema, schemas: Schemas): string {
  const { enum: values } = schema
  if (Array.isArray(values) && values.length <= 12)
    return values.map((value) => JSON.stringify(value)).join(' | ')
  const [type = 'any'] = typesOf(schema)
  if (type !== 'array')
    return typeof schema.format === 'string' ? `${type}, ${schema.format}` : type
  return `array of ${typesOf(deref(schema.items, schemas))[0] ?? 'any'}`
}

function oneLine(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > length ? `${line.slice(0, length - 1)}…` : line
}
