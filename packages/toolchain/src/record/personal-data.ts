import { createHash } from 'node:crypto'
import type { Json } from '@plumb/protocol'
import { jsonInText, mapLeaves } from './map-leaves.js'
import { personalSpans } from './personal-formats.js'
import { fieldKind } from './personal-keys.js'
import type { Field, FieldKind } from './personal-keys.js'
import { isOpenDomain, isTellingWord } from './pseudonyms.js'
import type { LiteralKind } from './pseudonyms.js'

/** What a recording holds about people, gathered before anything is replaced. */
export type PersonalData = {
  /** Words of names, lower case; `guessed` ones come from addresses and their surroundings only. */
  readonly words: Map<string, 'named' | 'guessed'>
  /** Values that are replaced wherever they stand. */
  readonly literals: Map<string, LiteralKind>
  /** Digits of phone numbers. */
  readonly phones: Set<string>
  readonly domains: Set<string>
  /** Hashes of e-mail addresses, by what they stand for. */
  readonly hashes: Map<string, { readonly algorithm: string; readonly email: string }>
}

export function emptyPersonalData(): PersonalData {
  return {
    words: new Map(),
    literals: new Map(),
    phones: new Set(),
    domains: new Set(),
    hashes: new Map(),
  }
}

/** Adds what `value` holds about people to `data`. */
export function findPersonalData(value: Json, field: Field, data: PersonalData): void {
  mapLeaves(value, field, {
    leaf: (leaf, place) => {
      noteLeaf(String(leaf), place, data)
      return leaf
    },
    key: (name) => {
      noteText(name, data)
      return name
    },
  })
}

function noteLeaf(text: string, field: Field, data: PersonalData): void {
  if (text.trim() === '') return
  if (field.key === '$base64' && decodeBase64(text) === null) {
    data.literals.set(text, 'bytes')
    return
  }
  const inside = jsonInText(text)
  if (inside !== undefined && typeof inside === 'object')
    return findPersonalData(inside, field, data)
  noteText(text, data)
  noteField(text, fieldKind(field), data)
}

function noteField(text: string, kind: FieldKind, data: PersonalData): void {
  if (kind === 'name' && looksLikeName(text)) noteName(text, data)
  if (kind === 'phone' && digitsOf(text).length >= 6) {
    data.phones.add(digitsOf(text))
    if (digitsOf(text).length >= 7) data.literals.set(text, 'phone')
  }
  const literal = literalKind(kind, text)
  if (literal !== null) data.literals.set(text, literal)
}

const literalForms: Partial<Record<string, RegExp>> = {
  handle: /^(?=.*\p{L})[\p{L}\p{N}._+-]{2,60}$/u,
  address: /^(?!.*(@|:\/\/))(?=.*[\p{L}\d]).{3,300}$/su,
  postcode: /^[\p{L}\d][\p{L}\d -]{2,11}$/u,
  'birth-date': /\d{4}|\d{6}/,
  avatar: /^(https?:\/\/|data:|[\w-]{8,}$)/,
  secret: /^\S{8,}$/,
  number: /^(?=(.*\d){4})[\w -]{4,40}$/,
}

function literalKind(kind: string, text: string): LiteralKind | null {
  if (literalForms[kind]?.test(text) !== true) return null
  const [form] = personalSpans(text)
  // A card or bank account keeps its check digits.
  const hasForm = kind === 'number' && form !== undefined && form.end - form.start === text.length
  return hasForm ? null : (kind as LiteralKind)
}

/** Words joined as names are, and no sentence, address or identifier. */
export function looksLikeName(text: string): boolean {
  return (
    text.length <= 80 &&
    /^\p{L}[\p{L}\p{M}'’.\-, ()]*$/u.test(text.trim()) &&
    text.trim().split(/\s+/).length <= 6
  )
}

function noteName(text: string, data: PersonalData): void {
  data.literals.set(text, 'name')
  for (const word of wordsOf(text)) if (isTellingWord(word)) data.words.set(fold(word), 'named')
}

function noteText(text: string, data: PersonalData): void {
  for (const { kind, start, end } of personalSpans(text)) {
    const found = text.slice(start, end)
    if (kind === 'phone') data.phones.add(digitsOf(found))
    if (kind === 'email') noteEmail(found, { before: text.slice(0, start), text, end }, data)
  }
  for (const decoded of decodedParts(text)) noteText(decoded, data)
}

type Around = { readonly before: string; readonly text: string; readonly end: number }

function noteEmail(email: string, around: Around, data: PersonalData): void {
  const [local = '', domain = ''] = email.toLowerCase().split('@')
  data.literals.set(email, 'email')
  if (!isOpenDomain(domain)) data.domains.add(domain)
  for (const algorithm of ['md5', 'sha1', 'sha256'])
    data.hashes.set(createHash(algorithm).update(email.toLowerCase()).digest('hex'), {
      algorithm,
      email: email.toLowerCase(),
    })
  const near = [
    ...wordsOf(local),
    ...wordsOf(around.text).filter((word) => isIn(local, word)),
    ...namesAround(around),
  ]
  for (const word of near) {
    if (isTellingWord(word) && !data.words.has(fold(word))) data.words.set(fold(word), 'guessed')
  }
}

/** Whether an address is made of a word that is written with a capital: `alovelace` of `Lovelace`. */
function isIn(local: string, word: string): boolean {
  if (word === word.toLowerCase()) return false
  const plain = withoutAccents(word)
  return plain.length >= 3 && [plain, plain.replace(/e$/, '')].some((form) => local.includes(form))
}

function withoutAccents(word: string): string {
  const spelled = word
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' })[letter] ?? letter)
  return spelled.normalize('NFD').replace(/\p{M}/gu, '')
}

const capitalised = String.raw`\p{Lu}[\p{L}\p{M}'’.-]*`
const nameBefore = new RegExp(
  String.raw`((?:${capitalised},?[ \t]+){1,3}${capitalised})["']?[\s<(\[:,–-]*$`,
  'u',
)
const oneNameBefore = new RegExp(String.raw`(${capitalised})["']?\s*[<(\[]$`, 'u')
const nameAfter = new RegExp(String.raw`^[>\s]*\(((?:${capitalised}[ \t]*){1,4})\)`, 'u')
const noName =
  /^(contact|email|e-mail|mail|from|to|cc|bcc|hi|hello|dear|please|sent|by|regards|reply|call|ask|write|the|for|with|or|and|at|on|see|ping)$/i

function namesAround({ before, text, end }: Around): string[] {
  const recent = before.slice(-120)
  const found = [nameBefore.exec(recent), oneNameBefore.exec(recent)]
  const after = nameAfter.exec(text.slice(end, end + 80))
  return [...found, after]
    .flatMap((match) => wordsOf(match?.[1] ?? ''))
    .filter((word) => !noName.test(word))
}

/** Texts that stand in another one percent-encoded or as base64. */
export function decodedParts(text: string): string[] {
  return [...text.matchAll(encodedPart)].flatMap(([part]) => decodePart(part)?.text ?? [])
}

/** A run of characters that may be an encoding of something else. */
export const encodedPart =
  /[\w.~+*'()!$@:,;-]*(?:%[0-9A-Fa-f]{2}[\w.~+*'()!$@:,;-]*)+|(?<![\w+/=-])[A-Za-z0-9+/_-]{10,}={0,2}(?![\w+/=-])/g

export type Decoded = { readonly text: string; readonly encode: (text: string) => string }

/** What `part` says when it is decoded, and the way back; null when it is no encoding of a text. */
export function decodePart(part: string): Decoded | null {
  return part.includes('%') ? decodePercent(part) : decodeBase64(part)
}

function decodePercent(part: string): Decoded | null {
  try {
    return { text: decodeURIComponent(part), encode: encodeURIComponent }
  } catch {
    return null
  }
}

function decodeBase64(part: string): Decoded | null {
  const alphabet = /[-_]/.test(part) ? 'base64url' : 'base64'
  const bytes = Buffer.from(part, alphabet)
  const padded = part.endsWith('=') || (alphabet === 'base64' && part.length % 4 === 0)
  const encode = (text: string) => {
    const made = Buffer.from(text, 'utf8').toString(alphabet)
    if (alphabet === 'base64') return padded ? made : made.replace(/=+$/, '')
    return part.endsWith('=') ? made.padEnd(Math.ceil(made.length / 4) * 4, '=') : made
  }
  const text = bytes.toString('utf8')
  const isText = !/[\p{Cc}\ufffd]/u.test(text.replace(/[\r\n\t]/g, ''))
  return isText && encode(text) === part ? { text, encode } : null
}

export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{M}]+/gu) ?? []
}

export function fold(word: string): string {
  return word.toLowerCase().normalize('NFC')
}

export function digitsOf(text: string): string {
  return text.replace(/\D/g, '')
}
