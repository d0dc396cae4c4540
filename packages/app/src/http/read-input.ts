import { PlumbError } from '@plumb/protocol'
import type { Contract, Member } from '@plumb/protocol'
import type { z } from 'zod'
import { inputSchemaOf } from '../api/input-schema.js'
import { valueOfText, valueOfTexts } from './wire-text.js'

/** A request as it came: texts, but for the body. */
export type WireRequest = {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | readonly string[]>>
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: unknown
}

export type InputReader = (request: WireRequest) => unknown

/** Makes what turns a request into the parsed input of a contract. It throws PlumbError `input-invalid`. */
export function inputReaderOf(contract: Contract): InputReader {
  const members = Object.entries(contract.input)
  const schema = inputSchemaOf(contract)
  return (request) => {
    refuseOddBody(contract, request.body)
    const given = members.map(([key, member]) => [key, rawValue(member, request)] as const)
    const raw = Object.fromEntries(given.filter(([, value]) => value !== undefined))
    const parsed = schema.safeParse(raw)
    if (parsed.success) return parsed.data
    throw wrongMembers(contract, parsed.error, raw)
  }
}

function rawValue({ place, name, schema }: Member, request: WireRequest): unknown {
  if (place === 'payload') return request.body
  if (place === 'body') return bodyMember(request.body, name)
  if (place === 'query') return queryValue(name, schema, request.query)
  const text = place === 'path' ? request.params[name] : request.headers[name.toLowerCase()]
  if (text === undefined) return undefined
  return valueOfText(typeof text === 'string' ? text : text.join(','), schema)
}

function bodyMember(body: unknown, name: string): unknown {
  if (body === null || typeof body !== 'object' || !Object.hasOwn(body, name)) return undefined
  return (body as Record<string, unknown>)[name]
}

/** `name=value`, `name=a&name=b`, `name[]=a`, and `name[member]=value` for an object. */
function queryValue(name: string, schema: z.ZodType, query: WireRequest['query']): unknown {
  const plain = query[name] ?? query[`${name}[]`]
  if (plain !== undefined) return valueOfTexts(typeof plain === 'string' ? [plain] : plain, schema)
  const prefix = `${name}[`
  const parts = Object.entries(query).filter(([key]) => key.startsWith(prefix) && key.endsWith(']'))
  if (parts.length === 0) return undefined
  return Object.fromEntries(parts.map(([key, value]) => [key.slice(prefix.length, -1), value]))
}

function refuseOddBody(contract: Contract, body: unknown): void {
  const takesMembers = Object.values(contract.input).some(({ place }) => place === 'body')
  if (!takesMembers || body === undefined || body === null) return
  if (typeof body === 'object' && !Array.isArray(body)) return
  throw new PlumbError({
    code: 'input-invalid',
    message: `The body is ${shown(body, 'body')}. It must be a JSON object.`,
    remedy: remedyOf(contract),
  })
}

/** Shows what was given: a schema may have turned it into something else before it refused it. */
function wrongMembers(contract: Contract, { issues }: z.ZodError, raw: unknown): PlumbError {
  const problems = issues.slice(0, 10).map((issue) => {
    const [key = '', ...rest] = issue.path.map(String)
    const member = contract.input[key]
    const name = wireName(member, key, rest)
    const reason = issue.message.replace(/^Invalid (input|option): /, '')
    return `${name} is ${shown(givenAt(raw, issue.path), name)}: ${reason}`
  })
  return new PlumbError({
    code: 'input-invalid',
    message: `${problems.join('; ')}.`,
    remedy: remedyOf(contract),
  })
}

function givenAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value: unknown, key) => {
    const holds = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    return holds ? (value as Record<PropertyKey, unknown>)[key] : undefined
  }, raw)
}

function wireName(member: Member | undefined, key: string, rest: readonly string[]): string {
  if (member === undefined) return key
  if (member.place === 'payload')
    return rest.length === 0 ? 'The body' : `Body member "${rest.join('.')}"`
  const place = { path: 'Path', query: 'Query', header: 'Header', body: 'Body' }[member.place]
  return `${place} member "${[member.name, ...rest].join('.')}"`
}

const longest = 80

/** The value as it came, cut short; never one that may be a secret, and never a whole document. */
function shown(value: unknown, name: string): string {
  if (value === undefined) return 'missing'
  if (/secret|token|password|credential|api_?key|private|"value"/i.test(name)) return 'not usable'
  if (value !== null && typeof value === 'object')
    return Array.isArray(value) ? `an array of ${value.length}` : 'an object'
  const text = JSON.stringify(value) ?? typeof value
  return text.length > longest ? `${text.slice(0, longest)}... (${text.length} characters)` : text
}

function remedyOf({ method, path }: Contract): string {
  return `Correct the request; \`GET /openapi.json\` describes ${method} ${path}.`
}
