import type { Json, JsonObject, OperationResponse, Parameter, RequestBody } from '@plumb/protocol'
import type { ApiDocument } from './document.js'
import {
  documentError,
  entriesOf,
  isObject,
  objectOf,
  stringsOf,
  textOf,
  textOrNull,
} from './document.js'
import type { NormalisedDocument } from './normalised-document.js'
import type { SchemaNormaliser } from './normalise-schema.js'
import { createSchemaNormaliser } from './normalise-schema.js'
import type { OperationMethod, RawOperation } from './raw-operation.js'
import { completeParameters, emptyResponse } from './raw-operation.js'

/** Normalises a Google Discovery document. */
export function normaliseDiscovery(document: ApiDocument): NormalisedDocument {
  const root: JsonObject = { ...document.root, schemas: markRequired(document.root.schemas) }
  const schemas = createSchemaNormaliser({ source: document.source, root }, '#/schemas')
  const operations = [...methodsOf({ document, schemas }, root, '#')]
  return {
    title: textOrNull(root.title) ?? textOf(root.name),
    version: textOf(root.version),
    baseUrl: baseUrlOf(root),
    operations,
    schemas: schemas.all(),
  }
}

function baseUrlOf(root: JsonObject): string | null {
  const url = textOrNull(root.rootUrl)
  return url === null ? textOrNull(root.baseUrl) : `${url}${textOf(root.servicePath)}`
}

/** Discovery says `"required": true` on a member; JSON Schema lists the names on the parent. */
function markRequired(schemas: Json | undefined): JsonObject {
  return Object.fromEntries(
    entriesOf(schemas).map(([name, schema]) => {
      const required = entriesOf(objectOf(schema).properties)
        .filter(([, property]) => objectOf(property).required === true)
        .map(([property]) => property)
      return [name, required.length > 0 ? { ...objectOf(schema), required } : schema]
    }),
  )
}

const maxNesting = 16

type Reader = { readonly document: ApiDocument; readonly schemas: SchemaNormaliser }

function* methodsOf(reader: Reader, holder: JsonObject, pointer: string): Generator<RawOperation> {
  if (pointer.split('/resources/').length > maxNesting) return
  for (const [name, raw] of entriesOf(holder.methods)) {
    yield readMethod(reader, raw, { name, pointer: `${pointer}/methods/${name}` })
  }
  for (const [name, resource] of entriesOf(holder.resources)) {
    yield* methodsOf(reader, objectOf(resource), `${pointer}/resources/${name}`)
  }
}

function readMethod(
  reader: Reader,
  raw: Json,
  at: { name: string; pointer: string },
): RawOperation {
  if (!isObject(raw) || typeof raw.path !== 'string' || typeof raw.httpMethod !== 'string') {
    throw documentError(reader.document.source, at.pointer, {
      message: 'needs "path" and "httpMethod"',
    })
  }
  const path = `/${raw.path.replace(/^\//, '').replaceAll('{+', '{')}`
  const reserved = new Set([...raw.path.matchAll(/\{\+([^}]+)\}/g)].map(([, name]) => name))
  const parameters = entriesOf(raw.parameters).map(([name, item]) =>
    readParameter(reader, objectOf(item), { name, reserved, pointer: at.pointer }),
  )
  const id = textOrNull(raw.id) ?? at.name
  return {
    id,
    method: raw.httpMethod.toUpperCase() as OperationMethod,
    path,
    summary: firstSentence(textOf(raw.description)),
    description: textOf(raw.description),
    tags: id.split('.').slice(1, -1),
    deprecated: raw.deprecated === true,
    scopes: stringsOf(raw.scopes).map((scope) => [scope]),
    parameters: completeParameters(path, parameters),
    requestBody: bodyOf(reader, raw, at.pointer),
    responses: [responseOf(reader, raw, at.pointer)],
    docs: textOrNull(reader.document.root.documentationLink),
    linkHeader: false,
  }
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text
}

function readParameter(
  reader: Reader,
  raw: JsonObject,
  at: { name: string; reserved: ReadonlySet<string | undefined>; pointer: string },
): Parameter {
  const { required, location, repeated, description, ...rest } = raw
  const item = reader.schemas.normalise(numeric(rest), `${at.pointer}/parameters/${at.name}`)
  const list = repeated === true
  return {
    name: at.name,
    in: location === 'path' ? 'path' : 'query',
    required: location === 'path' || required === true,
    description: textOf(description),
    schema: list ? { type: 'array', items: item } : item,
    style: at.reserved.has(at.name) ? 'reserved' : list ? 'form' : null,
    explode: list ? true : null,
  }
}

/** Discovery writes limits and defaults of numbers and booleans as text. */
function numeric(raw: JsonObject): JsonObject {
  if (raw.type !== 'integer' && raw.type !== 'number' && raw.type !== 'boolean') return raw
  return Object.fromEntries(
    entriesOf(raw).map(([key, value]) => {
      if (key === 'default' && raw.type === 'boolean') return [key, value === 'true']
      const isNumber = ['default', 'minimum', 'maximum'].includes(key) && raw.type !== 'boolean'
      return [key, isNumber ? Number(value) : value]
    }),
  )
}

function bodyOf(reader: Reader, raw: JsonObject, pointer: string): RequestBody | null {
  if (!isObject(raw.request)) return null
  const schema = reader.schemas.normalise(raw.request, `${pointer}/request`)
  return { contentType: 'application/json', required: true, schema }
}

function responseOf(reader: Reader, raw: JsonObject, pointer: string): OperationResponse {
  if (!isObject(raw.response)) return emptyResponse('204', 'No content')
  const schema = reader.schemas.normalise(raw.response, `${pointer}/response`)
  return { status: '200', description: 'Success', contentType: 'application/json', schema }
}
