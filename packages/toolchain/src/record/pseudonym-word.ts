import type { PseudonymSource } from './pseudonym-source.js'

const consonants = 'bcdfghjklmnprstvwz'
const vowels = 'aeiou'

/** Letters that stand in for letters of the same script, so that lengths and encodings stay alike. */
const scripts: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Latin}/u, 'áéíóúäöüàèñçåøšž'],
  [/\p{Script=Greek}/u, 'αβγδεζηθικλμνξοπρστυφχψω'],
  [/\p{Script=Cyrillic}/u, 'абвгдежзиклмнопрстуфхцчшэюя'],
  [/\p{Script=Hebrew}/u, 'אבגדהוזחטיכלמנסעפצקרשת'],
  [/\p{Script=Arabic}/u, 'ابتثجحخدذرزسشصضطظعغفقكلمنهوي'],
  [/\p{Script=Devanagari}/u, 'अआइईउऊकखगघचछजझटठडढतथदधनपफबभमयरलवशषसह'],
  [/\p{Script=Hiragana}/u, 'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほ'],
  [/\p{Script=Katakana}/u, 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ'],
  [/\p{Script=Hangul}/u, '가나다라마바사아자차카타파하고노도로모보소오조초코토포호'],
  [/\p{Script=Han}/u, '安柏川丹冬方光海和江金林明南平清石松田溪星言永月云'],
]

/** Words of names that say nothing about a person, and names that stand for nobody. */
const unchanged = new Set(
  `mr mrs ms dr prof jr sr ii iii iv van von der den de di da del la le el al bin ibn und and of the
  unknown none null anonymous system admin administrator bot user test deleted guest undefined n a na
  info support sales contact hello team office mail noreply no reply billing help service jobs hr
  postmaster webmaster abuse accounts finance marketing press newsletter notifications notification security dev`.split(
    /\s+/,
  ),
)

/** Whether a word of a name stays as it is. */
export function isNobodysWord(word: string): boolean {
  return unchanged.has(word.toLowerCase())
}

/** Another word of the same length, script and case; upper and lower case of one word give the same word. */
export function wordFor(source: PseudonymSource, word: string): string {
  if (isNobodysWord(word)) return word
  const lower = word.toLowerCase()
  for (let attempt = 0; attempt < 8; attempt++) {
    const made = spell(source.numbers(`word ${attempt}`, lower.normalize('NFC')), lower)
    if (made !== lower && !isNobodysWord(made)) return withCaseOf(word, made)
  }
  return withCaseOf(word, 'x'.repeat(lower.length))
}

function spell(next: (limit: number) => number, word: string): string {
  let isVowel = next(2) === 0
  return [...word]
    .map((letter) => {
      isVowel = !isVowel
      if (/[a-z]/.test(letter)) return pick(isVowel ? vowels : consonants, next)
      const found = scripts.find(([script]) => script.test(letter))
      return found ? pick(found[1], next) : letter
    })
    .join('')
}

function pick(letters: string, next: (limit: number) => number): string {
  const all = [...letters]
  return all[next(all.length)] ?? 'x'
}

function withCaseOf(pattern: string, made: string): string {
  const letters = [...pattern]
  return [...made]
    .map((letter, index) => {
      const model = letters[index] ?? ''
      return model !== model.toLowerCase() ? letter.toUpperCase() : letter
    })
    .join('')
}

/** Every word of a text replaced, everything between the words kept. */
export function wordsFor(source: PseudonymSource, text: string): string {
  return text.replace(/[\p{L}\p{M}]+/gu, (word) => wordFor(source, word))
}

/** Every digit replaced; where they start with other than 0, so do the new ones. */
export function digitsFor(source: PseudonymSource, text: string): string {
  const digits = text.replace(/\D/g, '')
  const next = source.numbers('digits', digits)
  let first = true
  return text.replace(/\d/g, (digit) => {
    const made = first && digit !== '0' ? 1 + next(9) : next(10)
    first = false
    return String(made)
  })
}

/** Letters and digits of an opaque text replaced each by its like. */
export function opaqueFor(source: PseudonymSource, text: string): string {
  const next = source.numbers('opaque', text)
  return text.replace(/[A-Za-z0-9]/g, (letter) => {
    if (/\d/.test(letter)) return String(next(10))
    const made = String.fromCharCode(97 + next(26))
    return letter < 'a' ? made.toUpperCase() : made
  })
}
