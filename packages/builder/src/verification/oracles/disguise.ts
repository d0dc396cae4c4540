import type { ProviderRequest } from '@plumb/protocol'
import type { GatewayAnswer } from '@plumb/runtime'
import type { Leaf, LeafValue, removed } from './leaves.js'
import { mapLeaves } from './leaves.js'
import { changeAnswer, jsonOf } from './response-leaves.js'
import { substituteFor } from './substitutes.js'
import type { Random } from './substitutes.js'

/** Shorter texts occur in others by chance. */
const shortestToken = 4

/** Other values for some of the values that occur in a recording: the same other value wherever one occurs. */
export type Disguise = {
  /** What stands for `value` now; the value itself when it is not disguised. */
  readonly of: (value: LeafValue) => LeafValue
  /** The substitutes by the text of what they stand for. */
  readonly substitutes: ReadonlyMap<string, string>
  /** `special` answers for single leaves; undefined leaves one to the disguise. */
  readonly answer: (
    answer: GatewayAnswer,
    special?: (leaf: Leaf) => LeafValue | typeof removed | undefined,
  ) => GatewayAnswer
  /** Puts the recorded values back, also inside of paths and texts. */
  readonly translate: (request: ProviderRequest) => ProviderRequest
}

export type DisguiseOptions = {
  readonly values: readonly LeafValue[]
  /** Texts of values that stay as they are. */
  readonly kept: ReadonlySet<string>
  readonly random: Random
  /** Other values that a schema allows for a value, by its text. */
  readonly alternatives?: ReadonlyMap<string, string>
}

export function openDisguise(options: DisguiseOptions): Disguise {
  const substitutes = chooseSubstitutes(options)
  const back = openTranslation(substitutes)
  const short = shortOnes(substitutes)
  const of = (value: LeafValue): LeafValue => {
    if (typeof value !== 'string' && typeof value !== 'number') return value
    const other = substitutes.get(String(value))
    if (other === undefined) return value
    return typeof value === 'number' ? Number(other) : other
  }
  return {
    of,
    substitutes,
    answer: (answer, special) =>
      changeAnswer(answer, (leaf) => {
        const own = special?.(leaf)
        return own === undefined ? of(leaf.value) : own
      }),
    translate: (request) => ({
      ...request,
      endpoint: back(stepsBack(request.endpoint, short)),
      query: request.query.map(([name, value]) => [name, short.get(value) ?? back(value)]),
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, back(value)]),
      ),
      body:
        request.body?.encoding === 'utf8'
          ? { encoding: 'utf8', text: back(bodyBack(request.body.text, short)) }
          : request.body,
    }),
  }
}

function chooseSubstitutes(options: DisguiseOptions): Map<string, string> {
  const { values, kept, random, alternatives } = options
  const chosen = new Map<string, string>()
  const taken = new Set(values.map(String))
  for (const value of values) {
    const text = String(value)
    if (!hasContent(value) || chosen.has(text) || kept.has(text)) continue
    const other = alternatives?.get(text) ?? freshText(value, { random, taken })
    if (other === null || other === text) continue
    chosen.set(text, other)
    taken.add(other)
  }
  return chosen
}

function hasContent(value: LeafValue): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '')
}

function freshText(
  value: string | number,
  { random, taken }: { random: Random; taken: ReadonlySet<string> },
): string | null {
  for (let tries = 0; tries < 8; tries++) {
    const text = String(substituteFor(value, random))
    // A number that is kept as text in one place and as number in another must be the same in both.
    if (!taken.has(text)) return text
  }
  return null
}

/** What is too short to be looked for in texts, by itself. */
function shortOnes(substitutes: ReadonlyMap<string, string>): Map<string, string> {
  const entries = [...substitutes].filter(([, other]) => other.length < shortestToken)
  return new Map(entries.map(([text, other]) => [other, text]))
}

/** Whole steps of a path, and whole values of a query that is written into the endpoint. */
function stepsBack(endpoint: string, short: ReadonlyMap<string, string>): string {
  if (short.size === 0) return endpoint
  return endpoint.replace(/([/=])([^/?&#=]+)(?=[/?&#]|$)/g, (all, mark: string, step: string) =>
    short.has(step) ? `${mark}${short.get(step) ?? step}` : all,
  )
}

/** Whole leaves of a JSON body. */
function bodyBack(text: string, short: ReadonlyMap<string, string>): string {
  const json = short.size === 0 ? undefined : jsonOf({ encoding: 'utf8', text })
  if (json === undefined) return text
  const changed = mapLeaves(json, ({ value }) => {
    const other = short.get(String(value))
    if (other === undefined || value === null || typeof value === 'boolean') return value
    return typeof value === 'number' ? Number(other) : other
  })
  return JSON.stringify(changed)
}

/** Replaces every substitute in a text by what it stands for, the longest first; also where it is encoded. */
function openTranslation(substitutes: ReadonlyMap<string, string>): (text: string) => string {
  const back = new Map<string, string>()
  for (const [text, other] of substitutes) {
    if (other.length < shortestToken) continue
    back.set(other, text)
    back.set(encodeURIComponent(other), encodeURIComponent(text))
    back.set(JSON.stringify(other).slice(1, -1), JSON.stringify(text).slice(1, -1))
  }
  if (back.size === 0) return (text) => text
  const tokens = [...back.keys()].sort((a, b) => b.length - a.length).map(escaped)
  const pattern = new RegExp(tokens.join('|'), 'g')
  return (text) => text.replace(pattern, (token) => back.get(token) ?? token)
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
