import type { Operation } from '@plumb/protocol'
import type { Candidate } from './candidate-inputs.js'
import type { Constant, Input } from './input-plan.js'
import { keyText, memberText, quote, templateText } from './names.js'

/** A value on its way into a request. */
export type Value = {
  readonly candidate: Candidate
  /** TypeScript that gives the value. */
  readonly text: string
  readonly optional: boolean
  readonly wrap: string | null
}

export function inputValues(inputs: readonly Input[], from = 'input'): Value[] {
  return inputs.map(({ name, candidate, field, wrap }) => ({
    candidate,
    text: `${from}${memberText(name)}`,
    optional: !field.required,
    wrap,
  }))
}

export function constantValues(constants: readonly Constant[]): Value[] {
  return constants.map(({ candidate, text }) => ({ candidate, text, optional: false, wrap: null }))
}

/** The parts of a call: statements before it, and members of its configuration. */
export type RequestText = {
  readonly before: readonly string[]
  readonly members: readonly string[]
}

/** Writes endpoint, params, headers and data of a call. */
export function requestText(
  operation: Operation,
  values: readonly Value[],
  extraParams: readonly string[] = [],
): RequestText {
  const query = paramsText(
    values.filter(({ candidate }) => candidate.place === 'query'),
    extraParams,
  )
  const headers = headersText(operation, values)
  const data = dataText(operation, values)
  return {
    before: query.before,
    members: [
      `endpoint: ${endpointText(operation.path, values)},`,
      ...query.members,
      ...(headers === null ? [] : [`headers: ${headers},`]),
      ...(data === null ? [] : [`data: ${data},`]),
    ],
  }
}

function endpointText(path: string, values: readonly Value[]): string {
  const texts = new Map(
    values
      .filter(({ candidate }) => candidate.place === 'path')
      .map(({ candidate, text }) => [candidate.path[0] ?? '', pathValue(candidate, text)]),
  )
  let isTemplate = false
  const written = path.split(/\{([^{}]+)\}/).map((part, i) => {
    if (i % 2 === 0) return templateText(part)
    const text = texts.get(part) ?? null
    if (text === null) return part
    if (/^'[\w@.-]*'$/.test(text)) return text.slice(1, -1)
    isTemplate = true
    return `\${${text}}`
  })
  const joined = written.join('')
  return isTemplate ? `\`${joined}\`` : quote(joined.replaceAll('\\`', '`').replaceAll('\\$', '$'))
}

function pathValue(candidate: Candidate, text: string): string {
  if (/^'[\w@.-]*'$/.test(text)) return text
  if (candidate.shape.kind === 'array') return `${text}.map(encodeURIComponent).join(',')`
  if (candidate.parameter?.style === 'reserved')
    return `${text}.split('/').map(encodeURIComponent).join('/')`
  return isSimple(candidate) ? `encodeURIComponent(${text})` : `encodeURIComponent(String(${text}))`
}

function isSimple(candidate: Candidate): boolean {
  return ['string', 'integer', 'number', 'boolean', 'enum'].includes(candidate.shape.kind)
}

function paramsText(values: readonly Value[], extra: readonly string[]): RequestText {
  const repeated = values.filter(({ candidate }) => isRepeated(candidate))
  const plain = values.filter(({ candidate }) => !isRepeated(candidate))
  const entries = [...plain.map(paramEntry), ...extra]
  if (repeated.length === 0) {
    return {
      before: [],
      members: entries.length === 0 ? [] : [`params: {\n${entries.join('\n')}\n},`],
    }
  }
  const before = [
    'const params = new URLSearchParams()',
    ...plain.map(setParam),
    ...extra.map(setExtra),
    ...repeated.map(({ candidate, text, optional }) => {
      const name = quote(candidate.path[0] ?? '')
      const item = isTextArray(candidate) ? 'value' : 'String(value)'
      return `for (const value of ${text}${optional ? ' ?? []' : ''}) params.append(${name}, ${item})`
    }),
  ]
  return { before, members: ['params,'] }
}

/** OpenAPI repeats a list's name for each value unless told otherwise; the SDK joins lists with commas. */
function isRepeated(candidate: Candidate): boolean {
  const { parameter, shape } = candidate
  if (shape.kind !== 'array' || parameter === null) return false
  return (parameter.style === null || parameter.style === 'form') && parameter.explode !== false
}

function isTextArray(candidate: Candidate): boolean {
  const { shape } = candidate
  return shape.kind === 'array' && shape.items.kind === 'string'
}

function paramEntry(value: Value): string {
  const name = value.candidate.path[0] ?? ''
  return `${keyText(name)}: ${paramValue(value)},`
}

function paramValue(entry: Value): string {
  const { candidate, text, optional } = entry
  const { shape, parameter } = candidate
  if (isSentAsJson(candidate)) return jsonText(text, optional)
  if (shape.kind === 'array') {
    const separator = separators.get(parameter?.style ?? '') ?? ','
    return `${text}${optional ? '?' : ''}.join(${quote(separator)})`
  }
  return shape.kind === 'object' || shape.kind === 'record' ? objectParam(entry) : text
}

function isSentAsJson({ shape, parameter }: Candidate): boolean {
  return parameter?.style === 'json' || shape.kind === 'union' || shape.kind === 'json'
}

const separators = new Map([
  ['pipeDelimited', '|'],
  ['spaceDelimited', ' '],
])

/** `a[b]=c`: the SDK writes objects that way, as long as their members are plain. */
function objectParam({ candidate, text, optional }: Value): string {
  const { shape } = candidate
  const isPlain =
    shape.kind === 'object' &&
    shape.fields.every(
      (field) =>
        !field.nullable &&
        ['string', 'number', 'integer', 'boolean', 'enum'].includes(field.shape.kind),
    )
  return isPlain ? text : jsonText(text, optional)
}

function jsonText(text: string, optional: boolean): string {
  return optional
    ? `${text} === undefined ? undefined : JSON.stringify(${text})`
    : `JSON.stringify(${text})`
}

function setParam(entry: Value): string {
  const name = quote(entry.candidate.path[0] ?? '')
  const { shape } = entry.candidate
  const set = `params.set(${name}, ${shape.kind === 'string' ? entry.text : `String(${requiredParam(entry)})`})`
  return entry.optional ? `if (${entry.text} !== undefined) ${set}` : set
}

function requiredParam(entry: Value): string {
  const { kind } = entry.candidate.shape
  const text = paramValue({ ...entry, optional: false })
  return kind === 'object' && !text.startsWith('JSON') ? `JSON.stringify(${text})` : text
}

/** `name: text,` of an object literal as a statement on URLSearchParams. */
function setExtra(entry: string): string {
  const [, key = '', text = ''] = /^([^:]+): (.*),$/s.exec(entry) ?? []
  const name = key.startsWith("'") ? key : quote(key)
  return `if (${text} !== undefined) params.set(${name}, String(${text}))`
}

function headersText(operation: Operation, values: readonly Value[]): string | null {
  const entries = values
    .filter(({ candidate }) => candidate.place === 'header')
    .map(
      ({ candidate, text }) =>
        `${keyText(candidate.path[0] ?? '')}: ${headerValue(candidate, text)},`,
    )
  const contentType = operation.requestBody?.contentType ?? 'application/json'
  const hasBody = operation.requestBody !== null
  if (hasBody && !/^application\/json\b/i.test(contentType))
    entries.push(`'content-type': ${quote(sentType(contentType))},`)
  return entries.length === 0 ? null : `{\n${entries.join('\n')}\n}`
}

function headerValue(candidate: Candidate, text: string): string {
  return ['string', 'integer', 'number', 'boolean', 'enum'].includes(candidate.shape.kind)
    ? text
    : `JSON.stringify(${text})`
}

const sentType = (type: string): string => (type.includes('*') ? 'application/octet-stream' : type)

type Tree = Map<string, Tree | string>

function dataText(operation: Operation, values: readonly Value[]): string | null {
  const body = values.filter(({ candidate }) => candidate.place === 'body')
  if (body.length === 0 || operation.requestBody === null) return null
  const [first] = body
  if (first !== undefined && first.candidate.path.length === 0) return first.text
  const tree: Tree = new Map()
  for (const item of body) insert(tree, item.candidate.path, bodyValue(item))
  return treeText(tree)
}

function bodyValue({ text, optional, wrap }: Value): string {
  if (wrap === null) return text
  const object = `{ ${keyText(wrap)}: ${text} }`
  return optional ? `${text} === undefined ? undefined : ${object}` : object
}

function insert(tree: Tree, path: readonly string[], text: string): void {
  const [name = '', ...rest] = path
  if (rest.length === 0) {
    tree.set(name, text)
    return
  }
  const inner = tree.get(name)
  const next: Tree = inner instanceof Map ? inner : new Map<string, Tree | string>()
  tree.set(name, next)
  insert(next, rest, text)
}

function treeText(tree: Tree): string {
  const entries = [...tree].map(
    ([name, inner]) => `${keyText(name)}: ${typeof inner === 'string' ? inner : treeText(inner)},`,
  )
  return `{\n${entries.join('\n')}\n}`
}
