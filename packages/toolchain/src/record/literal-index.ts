import type { LiteralKind } from './pseudonyms.js'

export type FoundLiteral = {
  readonly start: number
  readonly literal: string
  readonly kind: LiteralKind
}

type Entry = { readonly literal: string; readonly kind: LiteralKind; readonly offset: number }

const run = /[\p{L}\p{M}\p{N}]+/gu
/** Scripts that are written without spaces. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

/** Shorter values would be found by chance in other texts. Words of names are looked for by themselves. */
const shortest: Readonly<Record<LiteralKind, number>> = {
  ...{ name: 4, handle: 4, address: 6, postcode: 6, 'birth-date': 8 },
  ...{ avatar: 12, secret: 8, number: 6, phone: 7, email: Infinity, bytes: Infinity },
}

/** Finds many values in a text at once, whole words only. */
export class LiteralIndex {
  readonly #byFirstRun = new Map<string, Entry[]>()
  readonly #unspaced: Entry[] = []

  constructor(literals: ReadonlyMap<string, LiteralKind>) {
    for (const [literal, kind] of literals) this.#add(literal, kind)
    for (const entries of this.#byFirstRun.values())
      entries.sort((a, b) => b.literal.length - a.literal.length)
  }

  find(text: string): FoundLiteral[] {
    const found: FoundLiteral[] = []
    for (const match of text.matchAll(run)) {
      for (const { literal, kind, offset } of this.#byFirstRun.get(match[0]) ?? []) {
        const start = match.index - offset
        if (text.startsWith(literal, start) && isWhole(text, start, literal))
          found.push({ start, literal, kind })
      }
    }
    for (const { literal, kind } of this.#unspaced) {
      for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + 1))
        found.push({ start: at, literal, kind })
    }
    return found
  }

  #add(literal: string, kind: LiteralKind): void {
    const first = [...literal.matchAll(run)][0]
    if (first === undefined) return
    const entry = { literal, kind, offset: first.index }
    if (kind === 'name' && unspaced.test(literal) && literal.length >= 2) this.#unspaced.push(entry)
    else if (literal.length >= shortest[kind] && !(kind === 'name' && !/\s/.test(literal)))
      this.#byFirstRun.set(first[0], [...(this.#byFirstRun.get(first[0]) ?? []), entry])
  }
}

function isWhole(text: string, start: number, literal: string): boolean {
  const isPart = (letter: string | undefined) =>
    letter !== undefined && /[\p{L}\p{N}]/u.test(letter)
  return !isPart(text[start - 1]) && !isPart(text[start + literal.length])
}
