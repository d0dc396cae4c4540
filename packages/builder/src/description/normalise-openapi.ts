import type {
  Json,
  JsonObject,
  JsonSchema,
  OperationResponse,
  Parameter,
  RequestBody,
} from '@plumb/protocol'
import type { ApiDocument } from './document.js'
import {
  documentError,
  entriesOf,
  isObject,
  listOf,
  objectOf,
  own,
  pointerStep,
  scalarText,
  resolvePointer,
  stringsOf,
  textOf,
  textOrNull,
} from './document.js'
import type { NormalisedDocument } from './normalised-document.js'
import type { SchemaNormaliser } from './normalise-schema.js'
import { createSchemaNormaliser } from './normalise-schema.js'
import type { OperationMethod, RawOperation } from './raw-operation.js'
import {
  completeParameters,
  emptyResponse,
  isFunctionParameter,
  methods,
  preferredContent,
  withoutCredentials,
} from './raw-operation.js'
import { scopesOf } from './security-scopes.js'

type Reader = { readonly document: ApiDocument; readonly schemas: SchemaNormaliser }
type At = { readonly path: string; readonly method: string; readonly pointer: string }

/** Normalises an OpenAPI 3.0 or 3.1 document. */
export function normaliseOpenApi(document: ApiDocument): NormalisedDocument {
  const { root } = document
  const reader = { document, schemas: createSchemaNormaliser(document, '#/components/schemas') }
  if (root.paths !== undefined && !isObject(root.paths)) {
    throw documentError(document.source, '#/paths', { message: 'must be an object' })
  }
  const operations = entriesOf(root.paths).flatMap(([path, item]) => pathItem(reader, path, item))
  const info = objectOf(root.info)
  return {
    title: textOf(info.title),
    version: scalarText(info.version),
    baseUrl: serverUrl(listOf(root.servers)[0]),
    operations,
    schemas: reader.schemas.all(),
  }
}

function serverUrl(server: Json | undefined): string | null {
  const { url, variables } = objectOf(server)
  const text = textOrNull(url)
  if (text === null) return null
  return text.replace(/\{([^{}]+)\}/g, (placeholder, name: string) => {
    const value = objectOf(own(objectOf(variables), name)).default
    return typeof value === 'string' ? value : placeholder
  })
}

function pathItem(reader: Reader, path: string, raw: Json): RawOperation[] {
  const pointer = `#/paths/${pointerStep(path)}`
  const item = deref(reader, raw, pointer)
  return methods.flatMap((method) => {
    const operation = own(item, method)
    if (operation === undefined) return []
    const at = { path, method, pointer: `${pointer}/${method}` }
    if (!isObject(operation)) {
      throw documentError(reader.document.source, at.pointer, { message: 'must be an object' })
    }
    return [readOperation(reader, at, { ...operation, pathParameters: item.parameters ?? [] })]
  })
}

function readOperation(reader: Reader, at: At, raw: JsonObject): RawOperation {
  const method = at.method.toUpperCase() as OperationMethod
  const path = at.path.startsWith('/') ? at.path : `/${at.path}`
  const declared = [...listOf(raw.pathParameters), ...listOf(raw.parameters)]
  const parameters = declared.flatMap((item, i) =>
    readParameter(reader, item, `${at.pointer}/parameters/${i}`),
  )
  const { responses, linkHeader } = readResponses(reader, at, raw.responses)
  return {
    id: textOrNull(raw.operationId) ?? `${method} ${path}`,
    method,
    path,
    summary: textOf(raw.summary).trim(),
    description: textOf(raw.description).trim().slice(0, 4_000),
    tags: stringsOf(raw.tags),
    deprecated: raw.deprecated === true,
    scopes: scopesOf(reader.document.root, raw.security),
    parameters: completeParameters(path, parameters),
    requestBody: readBody(reader, at, raw.requestBody),
    responses,
    docs: textOrNull(objectOf(raw.externalDocs).url),
    linkHeader,
  }
}

function readParameter(reader: Reader, item: Json, pointer: string): Parameter[] {
  const raw = deref(reader, item, pointer)
  const place = raw.in
  if (place !== 'path' && place !== 'query' && place !== 'header') return []
  const name = parameterName(reader, raw, pointer)
  const content = preferredContent(raw.content)
  const schema = content === null ? raw.schema : objectOf(content.media).schema
  const parameter: Parameter = {
    name,
    in: place,
    required: place === 'path' || raw.required === true,
    description: textOf(raw.description).trim().slice(0, 1_000),
    schema: reader.schemas.normalise(schema ?? { type: 'string' }, `${pointer}/schema`),
    style: content === null ? styleOf(raw) : 'json',
    explode: typeof raw.explode === 'boolean' ? raw.explode : null,
  }
  return isFunctionParameter(parameter) ? [parameter] : []
}

function parameterName(reader: Reader, raw: JsonObject, pointer: string): string {
  const name = textOrNull(raw.name)
  if (name !== null) return name
  throw documentError(reader.document.source, pointer, { message: 'has no "name"' })
}

function styleOf(raw: JsonObject): string | null {
  if (raw.allowReserved === true && raw.in === 'path') return 'reserved'
  return textOrNull(raw.style)
}

function readBody(reader: Reader, at: At, item: Json | undefined): RequestBody | null {
  if (item === undefined) return null
  const pointer = `${at.pointer}/requestBody`
  const raw = deref(reader, item, pointer)
  const content = preferredContent(raw.content)
  if (content === null) return null
  const { schema } = objectOf(content.media)
  const normalised = reader.schemas.normalise(schema, `${pointer}/content/schema`)
  return withoutCredentials({
    contentType: sentType(content.type, normalised),
    required: raw.required === true,
    schema: normalised,
  })
}

/** Generated documents name upload types (`message/rfc822`) for bodies that are JSON objects. */
function sentType(type: string, schema: JsonSchema): string {
  const isStructured = '$ref' in schema || 'properties' in schema
  return isStructured && !/json|form|xml|yaml/i.test(type) ? 'application/json' : type
}

function readResponses(
  reader: Reader,
  at: At,
  raw: Json | undefined,
): { responses: OperationResponse[]; linkHeader: boolean } {
  let linkHeader = false
  const responses = entriesOf(raw).map(([status, item]) => {
    const pointer = `${at.pointer}/responses/${status}`
    const response = deref(reader, item, pointer)
    const headers = Object.keys(objectOf(response.headers))
    linkHeader ||= status.startsWith('2') && headers.some((name) => /^link$/i.test(name))
    const content = preferredContent(response.content)
    const description = textOf(response.description).trim().slice(0, 1_000)
    if (content === null) return emptyResponse(status.toUpperCase(), description)
    const { schema } = objectOf(content.media)
    return {
      status: /^\dxx$/i.test(status) ? status.toUpperCase() : status,
      description,
      contentType: content.type,
      schema: schema === undefined ? null : reader.schemas.normalise(schema, `${pointer}/schema`),
    }
  })
  return { responses, linkHeader }
}

function deref(reader: Reader, raw: Json, pointer: string): JsonObject {
  let value: Json | undefined = raw
  for (let step = 0; step < 8; step += 1) {
    if (!isObject(value)) {
      throw documentError(reader.document.source, pointer, { message: 'must be an object' })
    }
    const reference: Json | undefined = own(value, '$ref')
    if (typeof reference !== 'string') return value
    value = reference.startsWith('#') ? resolvePointer(reader.document.root, reference) : undefined
    if (value === undefined) {
      throw documentError(reader.document.source, pointer, {
        message: `refers to "${reference}", which does not exist in this document`,
        remedy: 'Bundle the document into one file, or correct the reference.',
      })
    }
  }
  throw documentError(reader.document.source, pointer, { message: 'refers to itself' })
}
