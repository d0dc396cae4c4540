import type { Json } from '@plumb/protocol'
import { secretMark } from '../gateway/redaction.js'
import type { Redaction } from '../gateway/redaction.js'

const secretNames =
  /^((access|refresh|id|auth|session|bearer|csrf)?[_-]?(token|jwt)|(client[_-]?)?secret|password|passwd|api[_-]?key|authorization|private[_-]?key)$/i
/** Secrets that are known by how they are written, in text that nobody has parsed. */
const written: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{12,}/g, `$1 ${secretMark}`],
  [
    /("(?:(?:access|refresh|id|auth|session|bearer|csrf)?[_-]?(?:token|jwt)|(?:client[_-]?)?secret|password|passwd|api[_-]?key|private[_-]?key)"\s*:\s*")(?:[^"\\]|\\.)+"/gi,
    `$1${secretMark}"`,
  ],
]

/** A text without secrets: those that `redaction` knows, and those that show themselves. */
export function concealText(text: string, redaction: Redaction): string {
  return written.reduce(
    (left, [pattern, mark]) => left.replace(pattern, mark),
    redaction.text(text),
  )
}

/** The same for every text, number and member name in `value`; members with a secret's name lose their value. */
export function concealJson(value: Json, redaction: Redaction): Json {
  if (typeof value === 'string') return concealText(value, redaction)
  if (typeof value === 'number')
    return redaction.text(String(value)) === String(value) ? value : secretMark
  if (value === null || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map((one: Json) => concealJson(one, redaction))
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      concealText(name, redaction),
      secretNames.test(name) && typeof inner === 'string'
        ? secretMark
        : concealJson(inner, redaction),
    ]),
  )
}
