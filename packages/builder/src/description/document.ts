import type { Json, JsonObject } from '@plumb/protocol'
import { PlumbError } from '@plumb/protocol'

/** A parsed API document with the place it came from, so that errors can name it. */
export type ApiDocument = {
  readonly source: string
  readonly root: JsonObject
}

/** Says which document is wrong, where (a JSON pointer), and what to do. */
export function documentError(
  source: string,
  pointer: string,
  problem: { message: string; remedy?: string },
): PlumbError {
  return new PlumbError({
    code: 'api-description-invalid',
    message: `${source}${pointer === '' ? '' : ` at ${pointer}`}: ${problem.message}`,
    remedy:
      problem.remedy ??
      'Correct the document there, or point "apiDescription" at another OpenAPI 3, Swagger 2 or Google Discovery document.',
  })
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object, or an empty one for anything else. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** Text or a number as text (YAML reads `version: 1.0` as a number); empty for anything else. */
export function scalarText(value: Json | undefined): string {
  return typeof value === 'number' ? String(value) : textOf(value)
}

/** The text, or null for anything else and for the empty text. */
export function textOrNull(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export function stringsOf(value: Json | undefined): string[] {
  return listOf(value).filter((item) => typeof item === 'string')
}

/** An own member; never one that the prototype lends. */
export function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** Entries without the key that would reach the prototype when copied. */
export function entriesOf(value: Json | undefined): [string, Json][] {
  return Object.entries(objectOf(value)).filter(([key]) => key !== '__proto__')
}

/** Escapes one step of a JSON pointer. */
export function pointerStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** The value a local reference (`#/a/b`) names, or undefined. */
export function resolvePointer(root: JsonObject, reference: string): Json | undefined {
  const steps = reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((step) => step !== '')
  let value: Json | undefined = root
  for (const step of steps) value = member(value, unescapeStep(step))
  return value
}

function member(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(step)]
  return isObject(value) ? own(value, step) : undefined
}

function unescapeStep(step: string): string {
  const plain = step.replaceAll('~1', '/').replaceAll('~0', '~')
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}
