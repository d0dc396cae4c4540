import type { JsonObject } from '@plumb/protocol'
import { objectOf, propertiesOf, requiredOf } from '../api/schema.js'
import { parseZod } from './parse-zod.js'

/** One value that a function is called with. */
export type Need = {
  readonly name: string
  readonly schema: JsonObject
  readonly required: boolean
  /** The name under which the function sends it. */
  readonly sentAs: string
}

export type FunctionNeeds = {
  readonly kind: 'action' | 'sync'
  readonly input: readonly Need[]
  readonly metadata: readonly Need[]
  /** Path of the first call, with `{}` for every computed part: `/repos/{}/{}/issues`. */
  readonly endpoint: string | null
}

/** Reads from a function's text what it takes and where it sends it. */
export function readNeeds(source: string): FunctionNeeds {
  return {
    kind: /\bcreateSync\s*\(/.test(source) ? 'sync' : 'action',
    input: needsOf(source, 'input'),
    metadata: needsOf(source, 'metadata'),
    endpoint: endpointOf(source),
  }
}

/** The text behind `const Name = `. */
export function constantText(source: string, name: string): string | null {
  const match = new RegExp(`\\bconst ${name.replaceAll('$', '\\$')}\\b[^=]*=\\s*`).exec(source)
  return match === null ? null : source.slice(match.index + match[0].length)
}

function needsOf(source: string, member: 'input' | 'metadata'): Need[] {
  const text = new RegExp(`\\b${member}:\\s*(?=[A-Za-z_])`).exec(
    source.slice(definitionStart(source)),
  )
  if (text === null) return []
  const from = definitionStart(source) + text.index + text[0].length
  const shape = parseZod(source.slice(from), (name) => constantText(source, name))
  const schema = shape?.schema ?? {}
  const required = new Set(requiredOf(schema))
  return Object.entries(propertiesOf(schema)).map(([name, inner]) => ({
    name,
    schema: objectOf(inner),
    required: required.has(name),
    sentAs: sentAs(source, member, name),
  }))
}

const definitionStart = (source: string) =>
  Math.max(source.search(/\bcreate(Action|Sync)\s*\(\s*\{/), 0)

/** `thread_ts: input.threadTs` sends `threadTs` as `thread_ts`; a placeholder is found through the endpoint. */
function sentAs(source: string, from: string, name: string): string {
  const member = new RegExp(`(?:'([^']+)'|([\\w$]+)):\\s*(?:String\\()?${from}\\.${name}\\b`).exec(
    source,
  )
  return member?.[1] ?? member?.[2] ?? name
}

function endpointOf(source: string): string | null {
  const template = /endpoint:\s*`([^`]*)`/.exec(source)?.[1]
  if (template !== undefined) return template.replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '{}')
  return /endpoint:\s*'([^']*)'/.exec(source)?.[1] ?? null
}

/** The inputs in the endpoint, in order; null for a computed part that is no plain input. */
export function endpointParts(source: string): (string | null)[] {
  const template = /endpoint:\s*`([^`]*)`/.exec(source)?.[1] ?? ''
  return [...template.matchAll(/\$\{((?:[^{}]|\{[^{}]*\})*)\}/g)].map(
    ([, text]) => /\b(?:input|metadata)\.([\w$]+)/.exec(text ?? '')?.[1] ?? null,
  )
}

/** Values that the endpoint fixes where the operation has a placeholder: `{ userId: 'me' }`. */
export function fixedParts(endpoint: string | null, path: string): Record<string, string> {
  const given = (endpoint ?? '').split('/').filter(Boolean)
  const asked = path.split('/').filter(Boolean)
  if (given.length !== asked.length) return {}
  return Object.fromEntries(
    asked.flatMap((part, i) => {
      const name = /^\{(.+)\}$/.exec(part)?.[1]
      const value = given[i] ?? '{}'
      return name === undefined || value.includes('{}') ? [] : [[name, value]]
    }),
  )
}

/** Inputs by the placeholder they fill. */
export function pathInputs(source: string, path: string): Map<string, string> {
  const names = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name ?? '')
  const { endpoint } = readEndpoint(source)
  const fixed = fixedParts(endpoint, path)
  const open = names.filter((name) => !Object.hasOwn(fixed, name))
  const parts = endpointParts(source)
  return new Map(
    open.flatMap((name, i) =>
      parts[i] === null || parts[i] === undefined ? [] : [[name, parts[i]]],
    ),
  )
}

const readEndpoint = (source: string) => ({ endpoint: endpointOf(source) })
