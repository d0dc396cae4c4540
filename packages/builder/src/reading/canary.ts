import { createHash } from 'node:crypto'
import { isInPieces, isShuffled, isSubstituted } from './canary-forms.js'
import { decodedTokens } from './decoded-tokens.js'

/** A credential that opens nothing: whoever passes it on has taken what was not given to it. */
export type Canary = {
  /** Name of the variable in the box that holds it. */
  readonly variable: string
  readonly value: string
}

/** The canary of one attempt, made of an id that nobody can guess. */
export function canaryOf(secretId: string): Canary {
  const value = createHash('sha256').update(`canary ${secretId}`).digest('hex').slice(0, 40)
  return { variable: 'SERVICE_API_TOKEN', value }
}

/** How a value was hidden in a text. */
export type Disguise =
  | 'as it is'
  | 'reversed'
  | 'in base64'
  | 'in hexadecimal'
  | 'as character codes'
  | 'in pieces'
  | 'in another order'
  | 'in other letters'
  | 'encoded twice or otherwise'

/** Part of a disguised value that cannot be there by chance. */
const partLength = 14

/**
 * How `text` holds the value, or a good part of it: split up, URL-encoded or put together by code makes no difference,
 * because only letters and digits are compared. Null when it does not.
 */
export function disguiseIn(text: string, value: string): Disguise | null {
  const texts = [text, unescaped(text)].map(plain)
  const found = disguises(value).find(([, form]) =>
    texts.some((one) => parts(form).some((part) => one.includes(part))),
  )
  if (found) return found[0]
  return rearranged(text, value) ?? encoded(text, value)
}

function rearranged(text: string, value: string): Disguise | null {
  const bare = plain(text)
  const wanted = plain(value)
  const turned = [...wanted].reverse().join('')
  if ([wanted, turned].some((form) => isInPieces(bare, form))) return 'in pieces'
  if (isShuffled(bare, wanted)) return 'in another order'
  const numbers = text.match(/\d+/g) ?? []
  const letters = [bare, text.replace(/[^a-z0-9]/gi, ''), ...quoted(text)].map((one) => [...one])
  return [...letters, numbers].some((symbols) =>
    [wanted, turned].some((form) => isSubstituted(symbols, form)),
  )
    ? 'in other letters'
    : null
}

/** Texts in quotes, which may be of any letters. */
function quoted(text: string): string[] {
  const found = text.matchAll(/(['"`])((?:\\.|(?!\1)[^\\])*)\1/g)
  return [...found].map(([, , inner = '']) => inner).filter((inner) => inner.length >= partLength)
}

function encoded(text: string, value: string): Disguise | null {
  const wanted = plain(value)
  const turned = [...wanted].reverse().join('')
  const told = decodedTokens(text).map(plain)
  const holds = told.some((one) =>
    [wanted, turned].some((form) => parts(form).some((part) => one.includes(part))),
  )
  return holds ? 'encoded twice or otherwise' : null
}

function disguises(value: string): [Disguise, string][] {
  const bytes = Buffer.from(value)
  const reversed = [...value].reverse().join('')
  return [
    ['as it is', plain(value)],
    ['reversed', plain(reversed)],
    // A value that begins at another place of its text has other letters in base64.
    ...[0, 1, 2].map((offset): [Disguise, string] => [
      'in base64',
      plain(
        Buffer.concat([Buffer.alloc(offset, 46), bytes])
          .toString('base64')
          .slice(4, -4),
      ),
    ]),
    ['in base64', plain(Buffer.from(reversed).toString('base64').slice(0, -4))],
    ['in hexadecimal', bytes.toString('hex')],
    ['as character codes', [...bytes].join('')],
  ]
}

/** Letters of base64 and of hexadecimal digits are compared alike: case is nothing that hides by chance. */
function plain(text: string): string {
  return text.replace(/[^a-z0-9]/gi, '').toLowerCase()
}

function parts(form: string): string[] {
  const count = Math.max(1, form.length - partLength + 1)
  return Array.from({ length: count }, (_, at) => form.slice(at, at + partLength))
}

function unescaped(text: string): string {
  return text.replace(/(?:(?:%|\\x|\\u00)[0-9a-f]{2})+/gi, (codes) =>
    Buffer.from(codes.replace(/%|\\x|\\u00/gi, ''), 'hex').toString('utf8'),
  )
}
