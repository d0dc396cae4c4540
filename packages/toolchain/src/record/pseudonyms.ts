import type { FormatKind } from './personal-formats.js'
import { ibanRest, luhnRest } from './personal-formats.js'
import type { PseudonymSource } from './pseudonym-source.js'
import { digitsFor, isNobodysWord, opaqueFor, wordFor, wordsFor } from './pseudonym-word.js'

export type LiteralKind =
  | 'name'
  | 'handle'
  | 'address'
  | 'postcode'
  | 'birth-date'
  | 'avatar'
  | 'secret'
  | 'number'
  | 'phone'
  | 'email'
  | 'bytes'

type Make = (source: PseudonymSource, text: string) => string

/** Domains of which everybody has an address, and those that stand for nobody. */
const openDomains =
  /^(gmail|googlemail|outlook|hotmail|live|msn|yahoo|icloud|me|mac|aol|gmx|proton|protonmail|web|mail|yandex|qq|163)\.(com|net|de|me|org|ru|co\.uk|fr)$|(^|\.)(example|test|invalid|localhost)(\.(com|org|net))?$/i

/** The pseudonym of a value of each kind: the same for the same value, in the same form. */
const makers: Readonly<Record<LiteralKind, Make>> = {
  name: wordsFor,
  handle: wordsAndDigits,
  address: wordsAndDigits,
  postcode: wordsAndDigits,
  'birth-date': birthDate,
  avatar: avatar,
  secret: opaqueFor,
  number: idNumber,
  phone,
  email: (source, text) => emailFor(source, text, () => false),
  bytes,
}

export function literalFor(source: PseudonymSource, kind: LiteralKind, text: string): string {
  return makers[kind](source, text)
}

/** A piece of text that its form gave away. `keepsDomain` spares domains that are not a person's. */
export function formatFor(
  source: PseudonymSource,
  found: { readonly kind: FormatKind; readonly text: string },
  keepsDomain: (domain: string) => boolean,
): string {
  const { kind, text } = found
  switch (kind) {
    case 'email':
      return emailFor(source, text, keepsDomain)
    case 'phone':
      return phone(source, text)
    case 'iban':
      return iban(source, text)
    case 'card':
      return card(source, text)
    case 'secret':
      return text.slice(0, 4) + opaqueFor(source, text.slice(4))
    case 'ip':
      return address(source, text)
  }
}

export function emailFor(
  source: PseudonymSource,
  email: string,
  keepsDomain: (domain: string) => boolean,
): string {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1)
  const local = wordsAndDigits(source, email.slice(0, at))
  return `${local}@${keepsDomain(domain) ? domain : domainFor(source, domain)}`
}

/** Below `.example`, which belongs to nobody. */
export function domainFor(source: PseudonymSource, domain: string): string {
  if (openDomains.test(domain)) return domain
  const labels = domain.split('.').slice(0, -1)
  return [...labels.map((label) => wordsAndDigits(source, label)), 'example'].join('.')
}

/** Word by word and number by number, so that what is joined or split by a function stays consistent. */
function wordsAndDigits(source: PseudonymSource, text: string): string {
  return text.replace(/[\p{L}\p{M}]+|\d+/gu, (part) =>
    /\d/.test(part) ? digitsFor(source, part) : wordFor(source, part),
  )
}

/** Digits that tell one subscriber from another, at the end whatever stands before. */
const subscriberDigits = 7

function phone(source: PseudonymSource, text: string): string {
  const [main = '', extension = ''] = text.split(/(?=\s*(?:x|ext))/i)
  const digits = main.replace(/\D/g, '')
  const count = Math.min(subscriberDigits, Math.max(digits.length - 1, 0))
  const made = digitsFor(source, digits.slice(digits.length - count))
  const all = digits.slice(0, digits.length - count) + made
  let index = 0
  return main.replace(/\d/g, () => all[index++] ?? '0') + digitsFor(source, extension)
}

function birthDate(source: PseudonymSource, text: string): string {
  const next = source.numbers('birth-date', text.slice(0, 10))
  const year = String(1950 + next(50))
  const [month, day] = [1 + next(12), 1 + next(12)].map((value) => String(value).padStart(2, '0'))
  const iso = /^\d{4}-\d{2}-\d{2}/
  if (iso.test(text)) return text.replace(iso, `${year}-${month}-${day}`)
  if (/^\d{4}$/.test(text)) return year
  const written = /^\d{1,2}([/.-])\d{1,2}[/.-]\d{4}/
  const separator = written.exec(text)?.[1]
  if (separator !== undefined)
    return text.replace(written, `${month}${separator}${day}${separator}${year}`)
  return wordsAndDigits(source, text)
}

function avatar(source: PseudonymSource, text: string): string {
  const [, origin = '', path = '', ending = ''] =
    /^(https?:\/\/[^/?#]+|data:[\w/+;-]*,)?(.*?)(\.(?:png|jpe?g|gif|webp|svg))?$/is.exec(text) ?? []
  return origin + opaqueFor(source, path) + ending
}

function idNumber(source: PseudonymSource, text: string): string {
  return opaqueFor(source, text.replace(/[\s-]/g, '')).length === text.length
    ? opaqueFor(source, text)
    : spread(text, opaqueFor(source, text.replace(/[\s-]/g, '')))
}

/** The separators of `pattern` between the letters and digits of `made`. */
function spread(pattern: string, made: string): string {
  let index = 0
  return pattern.replace(/[A-Za-z0-9]/g, () => made[index++] ?? '0')
}

function iban(source: PseudonymSource, text: string): string {
  const plain = text.replace(/ /g, '')
  const account = opaqueFor(source, plain.slice(4))
  const rest = ibanRest(`${plain.slice(0, 2)}00${account}`)
  const check = String(98 - rest).padStart(2, '0')
  return spread(text, `${plain.slice(0, 2)}${check}${account}`)
}

function card(source: PseudonymSource, text: string): string {
  const digits = text.replace(/\D/g, '')
  const body = (digits[0] ?? '') + digitsFor(source, digits).slice(1, -1)
  const check = (10 - luhnRest(`${body}0`)) % 10
  return spread(text, `${body}${check}`)
}

/** As many other bytes behind the same beginning, which tells the type of a file. */
function bytes(source: PseudonymSource, text: string): string {
  const start = text.slice(0, 24)
  return Buffer.from(start + opaqueFor(source, text.slice(24)), 'base64').toString('base64')
}

/** In ranges that are kept for measurements (RFC 2544) and documentation (RFC 3849). */
function address(source: PseudonymSource, text: string): string {
  const next = source.numbers('ip', text.toLowerCase())
  if (text.includes(':')) {
    const groups = [1, 2, 3].map(() => (1 + next(65535)).toString(16))
    return `2001:db8::${groups.join(':')}`
  }
  return `198.${18 + next(2)}.${next(256)}.${1 + next(254)}`
}

/** Whether an address of this domain tells nothing about the company. */
export function isOpenDomain(domain: string): boolean {
  return openDomains.test(domain)
}

/** Whether a word is long enough, and somebody's, to be looked for in other texts. */
export function isTellingWord(word: string): boolean {
  return !isNobodysWord(word) && [...word].length >= (/[a-z]/i.test(word) ? 3 : 2)
}
