type Piece = { readonly choices: string; readonly min: number; readonly max: number }

const classes: Readonly<Record<string, string>> = {
  d: '0123456789',
  w: 'abcdefghij0123456789',
  s: ' ',
  D: 'abc',
}

/** A text that a simple regular expression accepts; null when the expression is beyond classes, literals and counts. */
export function patternText(pattern: string, minLength = 0): string | null {
  const expression = compile(pattern)
  const pieces =
    expression === null ? null : piecesOf(pattern.replace(/^\^/, '').replace(/\$$/, ''))
  if (expression === null || pieces === null) return null
  const shortest = render(pieces, 0)
  const text =
    shortest.length >= minLength && shortest !== ''
      ? shortest
      : render(pieces, Math.max(minLength - shortest.length, 1))
  return expression.test(text) ? text : null
}

function compile(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern)
  } catch {
    return null
  }
}

function piecesOf(source: string): Piece[] | null {
  const pieces: Piece[] = []
  let rest = source
  while (rest !== '') {
    const match =
      /^(?:\[([^\]]+)\]|\\(.)|([^\\[\](){}*+?|.^$]))(?:\{(\d+)(,(\d*))?\}|([*+?]))?/.exec(rest)
    if (match === null) return null
    const [whole, set, escaped, literal, least, range, most, sign] = match
    const choices = set === undefined ? (escapedChoices(escaped) ?? literal ?? '') : setChoices(set)
    if (choices === '') return null
    const min = least === undefined ? (sign === '*' || sign === '?' ? 0 : 1) : Number(least)
    const open = range !== undefined && most === ''
    const max =
      sign === '*' || sign === '+' || open
        ? min + 40
        : most !== undefined && most !== ''
          ? Number(most)
          : Math.max(min, 1)
    pieces.push({ choices, min, max: range === undefined && least !== undefined ? min : max })
    rest = rest.slice(whole.length)
  }
  return pieces
}

const escapedChoices = (escaped: string | undefined): string | undefined =>
  escaped === undefined ? undefined : (classes[escaped] ?? escaped)

function setChoices(set: string): string {
  if (set.startsWith('^')) return 'a'
  const ranges = set
    .replaceAll(/\\([dws])/g, (_, name: string) => classes[name] ?? '')
    .replaceAll('\\', '')
  return ranges.replaceAll(/(.)-(.)/g, (_, from: string, to: string) => {
    const [start, end] = [from.charCodeAt(0), Math.min(to.charCodeAt(0), from.charCodeAt(0) + 25)]
    return Array.from({ length: end - start + 1 }, (_each, i) =>
      String.fromCharCode(start + i),
    ).join('')
  })
}

function render(pieces: readonly Piece[], extra: number): string {
  let left = extra
  return pieces
    .map(({ choices, min, max }) => {
      const more = Math.min(left, max - min)
      left -= more
      return Array.from({ length: min + more }, (_, i) => choices[i % choices.length]).join('')
    })
    .join('')
}
