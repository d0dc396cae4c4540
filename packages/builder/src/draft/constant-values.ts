import type { Candidate } from './candidate-inputs.js'
import { quote } from './names.js'

/** The only sensible value of a required member, as TypeScript; null where a caller has to choose. */
export function constantOf(candidate: Candidate): string | null {
  const { shape, description, place } = candidate
  if (shape.kind === 'enum' && shape.values.length === 1) return literal(shape.values[0])
  if (place === 'header') return defaultOf(candidate)
  if (place !== 'path') return null
  const word = ownAccountWord(description)
  return word === null ? null : quote(word)
}

function literal(value: string | number | boolean | undefined): string | null {
  if (value === undefined) return null
  return typeof value === 'string' ? quote(value) : String(value)
}

function defaultOf(candidate: Candidate): string | null {
  const value = candidate.parameter?.schema.default ?? candidate.parameter?.schema.example
  return typeof value === 'string' ? quote(value) : null
}

/** The word that stands for the account of the credential: "the special value `me`", "the \"me\" keyword". */
function ownAccountWord(description: string): string | null {
  const told =
    /special (?:value|keyword|string) [`"'“]?(\w+)[`"'”]?/i.exec(description) ??
    /use (?:the )?[`"'“]?(me|self|current)[`"'”]? (?:keyword|value|to|for)/i.exec(description) ??
    /[`"'“](me|self|@me|current)[`"'”]/i.exec(description)
  const word = told?.[1]?.toLowerCase() ?? null
  return word !== null && /^(@?me|self|current|authenticated)$/.test(word) ? word : null
}
