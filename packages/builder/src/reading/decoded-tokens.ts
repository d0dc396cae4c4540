const shortest = 24
const deepest = 2

/** What the long words of a text say when they are base64, hexadecimal or base32, also one within another. */
export function decodedTokens(text: string, depth = 0): string[] {
  if (depth >= deepest) return []
  const words = text.match(/[A-Za-z0-9+/_=-]{24,}/g) ?? []
  const found = [...new Set(words)].flatMap((word) =>
    [fromBase64(word), fromHex(word), fromBase32(word)].filter(isReadable),
  )
  return found.flatMap((one) => [one, ...decodedTokens(one, depth + 1)])
}

function fromBase64(word: string): string {
  return Buffer.from(word, 'base64').toString('latin1')
}

function fromHex(word: string): string {
  return /^(?:[0-9a-f]{2})+$/i.test(word) ? Buffer.from(word, 'hex').toString('latin1') : ''
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function fromBase32(word: string): string {
  if (!/^[A-Z2-7]+=*$/i.test(word)) return ''
  let bits = ''
  for (const letter of word.toUpperCase().replace(/=+$/, ''))
    bits += alphabet.indexOf(letter).toString(2).padStart(5, '0')
  const bytes = bits.match(/[01]{8}/g) ?? []
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))).toString('latin1')
}

/** Whatever is decoded by mistake is noise. */
function isReadable(text: string): boolean {
  return text.length >= shortest / 2 && /^[\x20-\x7e]+$/.test(text)
}
