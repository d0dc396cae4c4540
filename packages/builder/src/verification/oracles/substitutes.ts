import type { LeafValue } from './leaves.js'

/** From 0 up to but not including 1. */
export type Random = () => number

/** A random number generator that repeats for the same seed. */
export function seededRandom(seed: string): Random {
  let state = 2166136261
  for (const char of seed) state = Math.imul(state ^ char.charCodeAt(0), 16777619)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** All times move by the same amount, so that their order stays. */
export const timeShiftMs = ((2 * 24 + 3) * 60 + 7) * 60_000

const isoTime = /^(\d{4})-(\d{2})-(\d{2})(?:([T ])(\d{2}):(\d{2})(?::(\d{2}))?(.*))?$/s
const longDate = /^[A-Z][a-z]{2},? \d{1,2} [A-Z][a-z]{2} \d{4}/

/** Another value of the same type and format: dates stay dates, addresses addresses, ids ids. */
export function substituteFor(value: LeafValue, random: Random): LeafValue {
  if (typeof value === 'string') return substituteText(value, random)
  if (typeof value === 'number') return substituteNumber(value, random)
  return value
}

function substituteText(text: string, random: Random): string {
  const iso = isoTime.exec(text)
  if (iso) return shiftIso(text, iso)
  if (longDate.test(text) && !Number.isNaN(Date.parse(text))) {
    return new Date(Date.parse(text) + timeShiftMs).toUTCString()
  }
  if (/^-?\d+(\.\d+)?$/.test(text)) return numericText(text, random)
  return substitutePlain(text, random)
}

function substitutePlain(text: string, random: Random): string {
  const address = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]+)(.+)$/is.exec(text)
  if (address?.[1] !== undefined) return address[1] + scramble(address[2] ?? '', random)
  if (/^[0-9a-f-]{8,}$/i.test(text)) return scrambleHex(text, random)
  if (/[<&]/.test(text)) return scrambleMarkup(text, random)
  const plain = scramble(text, random)
  const size = text.replace(/[^A-Za-z0-9]/g, '').length
  // Too short to be told from the others: a few letters more.
  return size > 0 && size < 5 ? plain + letters(text, 6 - size, random) : plain
}

function shiftIso(text: string, match: RegExpExecArray): string {
  const [, year, month, day, gap, hour = '00', minute = '00', second, rest = ''] = match
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second ?? '00'}Z`)
  if (Number.isNaN(at)) return text
  const moved = new Date(at + timeShiftMs).toISOString()
  if (gap === undefined) return moved.slice(0, 10)
  const end = second === undefined ? 16 : 19
  return `${moved.slice(0, 10)}${gap}${moved.slice(11, end)}${rest}`
}

function numericText(text: string, random: Random): string {
  if (/^0\d/.test(text)) return scramble(text, random)
  const places = text.split('.')[1]?.length ?? 0
  if (text.length > 15) return `${text[0]}${scramble(text.slice(1), random)}`
  return substituteNumber(Number(text), random).toFixed(places)
}

function substituteNumber(value: number, random: Random): number {
  if (value === 0) return 0
  const size = Math.abs(value)
  if (size >= 1e9 && size < 4e9) return value + timeShiftMs / 1000
  if (size >= 1e12 && size < 4e12) return value + timeShiftMs
  const places = String(value).split('.')[1]?.length ?? 0
  const digits = Math.max(String(Math.trunc(size)).length, places > 0 ? 2 : 6)
  const low = 10 ** (digits - 1)
  const whole = Math.floor(low + random() * 8.9 * low)
  const fraction = places > 0 ? Number(`0.${digitsOf(places, random)}`) : 0
  return Math.sign(value) * Number((whole + fraction).toFixed(places))
}

function digitsOf(count: number, random: Random): string {
  return Array.from({ length: count }, () => 1 + Math.floor(random() * 9)).join('')
}

function scramble(text: string, random: Random): string {
  return text.replace(/[a-z]|[A-Z]|[0-9]/g, (char) => {
    if (/[a-z]/.test(char)) return pick('abcdefghijklmnopqrstuvwxyz', random)
    if (/[A-Z]/.test(char)) return pick('ABCDEFGHIJKLMNOPQRSTUVWXYZ', random)
    return pick('0123456789', random)
  })
}

/** The digits of a UUID that say its version and variant stay. */
function scrambleHex(text: string, random: Random): string {
  const upper = /[A-F]/.test(text)
  const isUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)
  return [...text]
    .map((char, at) => {
      if (char === '-' || (isUuid && (at === 14 || at === 19))) return char
      if (/\d/.test(char)) return pick('0123456789', random)
      const letter = pick('abcdef', random)
      return upper ? letter.toUpperCase() : letter
    })
    .join('')
}

/** Tags and entities stay, the text between them changes. */
function scrambleMarkup(text: string, random: Random): string {
  return text
    .split(/(<[^>]*>|&[a-z0-9#]+;)/i)
    .map((part, at) => (at % 2 === 1 ? part : scramble(part, random)))
    .join('')
}

function letters(like: string, count: number, random: Random): string {
  const from = /^[^a-z]*$/.test(like) ? 'BCDFGHJKLM' : 'bcdfghjklm'
  return Array.from({ length: count }, () => pick(from, random)).join('')
}

function pick(from: string, random: Random): string {
  return from[Math.floor(random() * from.length)] ?? ''
}
