import type { Json, Operation, OperationResponse, Parameter, RequestBody } from '@plumb/protocol'
import { objectOf, own, stringsOf, textOf } from './document.js'

/** An operation before what can only be inferred from it (pagination, incremental parameter) is known. */
export type RawOperation = Omit<Operation, 'pagination' | 'incrementalParameter'> & {
  /** The document says that a success carries a `Link` header. */
  readonly linkHeader: boolean
}

export const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const

export type OperationMethod = Operation['method']

/** Makes ids unique: a repeated one falls back to `METHOD /path`. */
export function withUniqueIds(operations: readonly RawOperation[]): RawOperation[] {
  const seen = new Set<string>()
  return operations.map((operation) => {
    const id = seen.has(operation.id) ? `${operation.method} ${operation.path}` : operation.id
    seen.add(id)
    return { ...operation, id }
  })
}

/** JSON first, then what is close to JSON, then forms, then whatever comes first. */
export function preferredContent(content: Json | undefined): { type: string; media: Json } | null {
  const types = Object.keys(objectOf(content))
  const order = [
    (type: string) => /^application\/json\b/i.test(type),
    (type: string) => /[/+]json\b/i.test(type),
    (type: string) => /x-www-form-urlencoded/i.test(type),
    (type: string) => /^multipart\/form-data/i.test(type),
    () => true,
  ]
  for (const fits of order) {
    const type = types.find(fits)
    if (type !== undefined) return { type, media: own(objectOf(content), type) ?? {} }
  }
  return null
}

const credentialName =
  /^(authorization|access[_-]?token|oauth[_-]?token|api[_-]?key|x-api-key|token)$/i

/** A parameter that carries the credential; the gateway adds it, so functions must not. */
export function isCredential(name: string, description: string): boolean {
  if (/^(authorization|access_token|oauth_token)$/i.test(name)) return true
  return credentialName.test(name) && /authenti|authori[sz]|api key|oauth/i.test(description)
}

/** Takes credential members out of a form or JSON body. */
export function withoutCredentials(body: RequestBody): RequestBody {
  const properties = Object.entries(objectOf(body.schema.properties))
  const kept = properties.filter(
    ([name, value]) => !isCredential(name, textOf(objectOf(value).description)),
  )
  if (kept.length === properties.length) return body
  const names = new Set(kept.map(([name]) => name))
  const required = stringsOf(body.schema.required).filter((name) => names.has(name))
  return { ...body, schema: { ...body.schema, properties: Object.fromEntries(kept), required } }
}

const protocolHeaders = new Set(['accept', 'content-type', 'authorization'])

export function isFunctionParameter(parameter: Parameter): boolean {
  if (parameter.in === 'header' && protocolHeaders.has(parameter.name.toLowerCase())) return false
  return !isCredential(parameter.name, parameter.description)
}

/** Every placeholder of the path gets a parameter, and each parameter appears once. */
export function completeParameters(path: string, parameters: readonly Parameter[]): Parameter[] {
  const unique = new Map<string, Parameter>()
  for (const parameter of parameters) unique.set(`${parameter.in} ${parameter.name}`, parameter)
  for (const [, name = ''] of path.matchAll(/\{([^{}]+)\}/g)) {
    if (!unique.has(`path ${name}`)) unique.set(`path ${name}`, undeclared(name))
  }
  return [...unique.values()].filter(
    (parameter) => parameter.in !== 'path' || path.includes(`{${parameter.name}}`),
  )
}

function undeclared(name: string): Parameter {
  const schema = { type: 'string' }
  return { name, in: 'path', required: true, description: '', schema, style: null, explode: null }
}

/** A body-less response. */
export function emptyResponse(status: string, description: string): OperationResponse {
  return { status, description, contentType: null, schema: null }
}
