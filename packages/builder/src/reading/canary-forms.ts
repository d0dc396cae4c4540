/** Shortest run of letters that, under other letters, still cannot be the value by chance. */
const patternLength = 24
/** Pieces of the value that are looked for one by one, and how much of it they must make up. */
const pieceLength = 6
const pieceShare = 0.6

/** The value with every letter replaced by another one, the same each time. */
export function isSubstituted(symbols: readonly string[], value: string): boolean {
  const length = Math.min(patternLength, value.length)
  const [text, wanted] = [lastSeen(symbols), lastSeen([...value])]
  const lastStart = wanted.length - length
  for (let at = 0; at + length <= text.length; at++) {
    for (let from = 0; from <= lastStart; from++) {
      if (isAlike({ text, at, wanted, from, length })) return true
    }
  }
  return false
}

/** How far back the same symbol stood, for each; 0 for the first of its kind. */
function lastSeen(symbols: readonly string[]): number[] {
  const seen = new Map<string, number>()
  return symbols.map((symbol, at) => {
    const before = seen.get(symbol)
    seen.set(symbol, at)
    return before === undefined ? 0 : at - before
  })
}

type Windows = {
  readonly text: readonly number[]
  readonly at: number
  readonly wanted: readonly number[]
  readonly from: number
  readonly length: number
}

/** Both windows repeat their symbols at the same places, whatever these are. */
function isAlike({ text, at, wanted, from, length }: Windows): boolean {
  for (let step = 0; step < length; step++) {
    const [one = 0, other = 0] = [text[at + step], wanted[from + step]]
    if ((one > step ? 0 : one) !== (other > step ? 0 : other)) return false
  }
  return true
}

/** The letters of the value in another order, all of them in one stretch. */
export function isShuffled(text: string, value: string): boolean {
  const open = countsOf(value)
  let missing = value.length
  for (let at = 0; at < text.length; at++) {
    const entering = text.charAt(at)
    const left = open.get(entering) ?? 0
    if (left > 0) missing -= 1
    open.set(entering, left - 1)
    const leaving = at < value.length ? null : text.charAt(at - value.length)
    if (leaving !== null) {
      const more = (open.get(leaving) ?? 0) + 1
      open.set(leaving, more)
      if (more > 0) missing += 1
    }
    if (missing === 0) return true
  }
  return false
}

/** Most of the value stands in the text, in pieces, wherever they are. */
export function isInPieces(text: string, value: string): boolean {
  const covered = new Set<number>()
  for (let at = 0; at + pieceLength <= value.length; at++) {
    if (!text.includes(value.slice(at, at + pieceLength))) continue
    for (let one = at; one < at + pieceLength; one++) covered.add(one)
  }
  return covered.size >= value.length * pieceShare
}

function countsOf(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  return counts
}
