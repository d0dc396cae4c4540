import { isIPv4, isIPv6 } from 'node:net'

export type FormatKind = 'email' | 'phone' | 'ip' | 'iban' | 'card' | 'secret'

/** A piece of a text that its form gives away. */
export type Span = { readonly kind: FormatKind; readonly start: number; readonly end: number }

type Format = {
  readonly kind: FormatKind
  readonly pattern: RegExp
  readonly holds?: (text: string) => boolean
}

const formats: readonly Format[] = [
  {
    kind: 'email',
    pattern:
      /[\p{L}\p{N}][\p{L}\p{N}.!#$&'*+/=?^_`{|}~-]{0,63}@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)+/gu,
  },
  {
    kind: 'secret',
    pattern:
      /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abeoprs]-[\w-]{10,}|sk_(?:live|test)_\w{10,}|AKIA[A-Z0-9]{16}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|glpat-[\w-]{15,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]*)/g,
  },
  {
    kind: 'iban',
    pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g,
    holds: isIban,
  },
  {
    kind: 'card',
    pattern: /(?<![\w.-])[3-6]\d{3}(?:[ -]?\d{4,6}){2}(?:[ -]?\d{1,5})?(?![\w.-]*\d)/g,
    holds: isCard,
  },
  {
    kind: 'ip',
    pattern: /(?<![\w./:-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)/g,
    holds: (text) => isIPv4(text) && !isInternal(text),
  },
  {
    kind: 'ip',
    pattern: /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi,
    holds: (text) => isIPv6(text) && !/^(::1?|f[cde].*)$/i.test(text),
  },
  {
    kind: 'phone',
    pattern: /(?<![\w+])\+[1-9](?:[\s\u00a0()./-]{0,2}\d){6,14}(?!\d)/g,
  },
  {
    kind: 'phone',
    pattern: /(?<![\w.-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-]|\.\d)/g,
  },
]

/** Everything in `text` that is personal by its form, in the order in which it should be believed. */
export function personalSpans(text: string): Span[] {
  if (text.length < 6) return []
  return formats.flatMap(({ kind, pattern, holds }) =>
    [...text.matchAll(pattern)]
      .filter(([found]) => holds === undefined || holds(found))
      .map((match) => ({ kind, start: match.index, end: match.index + match[0].length })),
  )
}

function isInternal(address: string): boolean {
  return /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|255)\./.test(address)
}

/** ISO 13616: the rearranged number is 1 modulo 97. */
export function isIban(text: string): boolean {
  const plain = text.replace(/ /g, '')
  return plain.length >= 15 && plain.length <= 34 && ibanRest(plain) === 1
}

export function ibanRest(plain: string): number {
  const digits = (plain.slice(4) + plain.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  )
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0)
}

function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  return digits.length >= 13 && digits.length <= 19 && luhnRest(digits) === 0
}

/** The sum of Luhn's check modulo 10; 0 for valid numbers. */
export function luhnRest(digits: string): number {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10
}
