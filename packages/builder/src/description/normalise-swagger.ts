import type { Json, JsonObject, JsonSchema, RequestBody } from '@plumb/protocol'
import {
  objectOf,
  entriesOf,
  isObject,
  listOf,
  own,
  stringsOf,
  textOf,
  textOrNull,
} from './document.js'
import type { ApiDocument } from './document.js'
import { normaliseOpenApi } from './normalise-openapi.js'
import type { NormalisedDocument } from './normalised-document.js'
import { methods } from './raw-operation.js'

/** Normalises a Swagger 2 document by writing it as OpenAPI 3 and reading that. */
export function normaliseSwagger(document: ApiDocument): NormalisedDocument {
  const { root } = document
  const shared = objectOf(root.parameters)
  const converted: JsonObject = {
    ...root,
    servers: serversOf(root),
    components: {
      schemas: root.definitions ?? {},
      securitySchemes: root.securityDefinitions ?? {},
      responses: responsesOf(root, root.responses),
    },
    paths: Object.fromEntries(
      entriesOf(root.paths).map(([path, item]) => [path, convertPath(root, shared, item)]),
    ),
  }
  return normaliseOpenApi({
    source: document.source,
    root: renameReferences(converted, 0) as JsonObject,
  })
}

function serversOf(root: JsonObject): Json[] {
  const host = textOrNull(root.host)
  const base = textOf(root.basePath)
  if (host === null) return base === '' ? [] : [{ url: base }]
  const schemes = stringsOf(root.schemes)
  const scheme =
    schemes.includes('https') || schemes.length === 0 ? 'https' : (schemes[0] ?? 'https')
  return [{ url: `${scheme}://${host}${base}` }]
}

function convertPath(root: JsonObject, shared: JsonObject, item: Json): Json {
  if (!isObject(item)) return item
  const common = listOf(item.parameters).map((parameter) => lookUp(shared, parameter))
  const out: Record<string, Json> = {}
  for (const method of methods) {
    const operation = own(item, method)
    if (isObject(operation)) out[method] = convertOperation(root, operation, { common, shared })
  }
  return out
}

function convertOperation(
  root: JsonObject,
  operation: JsonObject,
  from: { common: readonly JsonObject[]; shared: JsonObject },
): JsonObject {
  const parameters = [
    ...from.common,
    ...listOf(operation.parameters).map((parameter) => lookUp(from.shared, parameter)),
  ]
  const plain = parameters.filter(({ in: place }) => place !== 'body' && place !== 'formData')
  const consumes = stringsOf(operation.consumes ?? root.consumes)
  const body = bodyOf(parameters, consumes)
  return {
    ...operation,
    parameters: plain.map(convertParameter),
    ...(body === null
      ? {}
      : {
          requestBody: {
            required: body.required,
            content: { [body.contentType]: { schema: body.schema } },
          },
        }),
    responses: responsesOf(root, operation.responses),
  }
}

function lookUp(shared: JsonObject, raw: Json): JsonObject {
  const { $ref } = objectOf(raw)
  if (typeof $ref !== 'string') return objectOf(raw)
  return objectOf(own(shared, $ref.replace('#/parameters/', '')))
}

const styles = {
  csv: { style: 'form', explode: false },
  multi: { style: 'form', explode: true },
  ssv: { style: 'spaceDelimited', explode: false },
  pipes: { style: 'pipeDelimited', explode: false },
}

function convertParameter(raw: JsonObject): JsonObject {
  const { name, in: place, required, description, collectionFormat, ...schema } = raw
  const plain = { name, in: place, required, description }
  const given = Object.entries(plain).filter(([, value]) => value !== undefined)
  const style = raw.type === 'array' && place !== 'path' ? styleOf(collectionFormat) : {}
  return { ...(Object.fromEntries(given) as JsonObject), schema, ...style }
}

function styleOf(collectionFormat: Json | undefined): JsonObject {
  return { ...((own(styles, textOf(collectionFormat)) as JsonObject | undefined) ?? styles.csv) }
}

function bodyOf(
  parameters: readonly JsonObject[],
  consumes: readonly string[],
): RequestBody | null {
  const body = parameters.find((parameter) => parameter.in === 'body')
  if (body !== undefined) {
    const contentType =
      consumes.find((type) => /json/i.test(type)) ?? consumes[0] ?? 'application/json'
    return { contentType, required: body.required === true, schema: objectOf(body.schema) }
  }
  const fields = parameters.filter((parameter) => parameter.in === 'formData')
  if (fields.length === 0) return null
  const file = fields.some((field) => field.type === 'file')
  const contentType = file
    ? 'multipart/form-data'
    : (consumes.find((type) => /form/i.test(type)) ?? 'application/x-www-form-urlencoded')
  const required = fields.filter((field) => field.required === true)
  return { contentType, required: required.length > 0, schema: formSchema(fields, required) }
}

function formSchema(fields: readonly JsonObject[], required: readonly JsonObject[]): JsonSchema {
  const properties = fields.map((field): [string, Json] => {
    const schema = Object.entries(field).filter(
      ([key]) => !['name', 'in', 'required'].includes(key),
    )
    return [textOf(field.name), Object.fromEntries(schema)]
  })
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: required.map((field) => textOf(field.name)),
  }
}

function responsesOf(root: JsonObject, raw: Json | undefined): JsonObject {
  const produces = stringsOf(root.produces)
  const type = produces.find((item) => /json/i.test(item)) ?? produces[0] ?? 'application/json'
  return Object.fromEntries(
    entriesOf(raw).map(([status, item]) => {
      const { schema, ...rest } = objectOf(item)
      return [status, schema === undefined ? rest : { ...rest, content: { [type]: { schema } } }]
    }),
  )
}

/** Rewrites `#/definitions/X` and `#/responses/X` to the places OpenAPI 3 keeps them. */
function renameReferences(value: Json, depth: number): Json {
  if (depth > 100) return null
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item) => renameReferences(item, depth + 1))
  }
  if (!isObject(value)) return value
  return Object.fromEntries(
    entriesOf(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string'
        ? renamed(item)
        : renameReferences(item, depth + 1),
    ]),
  )
}

function renamed(reference: string): string {
  return reference
    .replace('#/definitions/', '#/components/schemas/')
    .replace('#/responses/', '#/components/responses/')
}
