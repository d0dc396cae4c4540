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

/** One class, escape or literal, and how often it may stand there. */
const piece =
  /^(?:\[(?<set>[^\]]+)\]|\\(?<escaped>.)|(?<literal>[^\\[\](){}*+?|.^$]))(?:\{(?<least>\d+)(?<open>,(?<most>\d*))?\}|(?<sign>[*+?]))?/

type Parts = Readonly<Record<string, string | undefined>>

function piecesOf(source: string): Piece[] | null {
  const pieces: Piece[] = []
  let rest = source
  while (rest !== '') {
    const match = piece.exec(rest)
    const parts: Parts = match?.groups ?? {}
    const choices = choicesIn(parts)
    if (match === null || choices === '') return null
    pieces.push({ choices, ...countsOf(parts) })
    rest = rest.slice(match[0].length)
  }
  return pieces
}

const choicesIn = ({ set, escaped, literal }: Parts): string =>
  set === undefined ? (escapedChoices(escaped) ?? literal ?? '') : setChoices(set)

const bySign: Readonly<Record<string, { min: number; max: number }>> = {
  '*': { min: 0, max: 40 },
  '+': { min: 1, max: 41 },
  '?': { min: 0, max: 1 },
}

function countsOf({ least, open, most, sign }: Parts): { min: number; max: number } {
  if (least === undefined) return bySign[sign ?? ''] ?? { min: 1, max: 1 }
  const min = Number(least)
  if (open === undefined) return { min, max: min }
  return { min, max: most === undefined || most === '' ? min + 40 : Number(most) }
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
