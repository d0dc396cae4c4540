import { createHash } from 'node:crypto'
import { jsonInText, mapLeaves } from './map-leaves.js'
import { decodePart, digitsOf, encodedPart, fold } from './personal-data.js'
import type { PersonalData } from './personal-data.js'
import { personalSpans } from './personal-formats.js'
import type { Field } from './personal-keys.js'
import { LiteralIndex } from './literal-index.js'
import { domainFor, formatFor, literalFor } from './pseudonyms.js'
import type { PseudonymSource } from './pseudonym-source.js'
import { opaqueFor, wordFor } from './pseudonym-word.js'

/** A place in a text and what comes there instead. */
export type Replacement = { readonly start: number; readonly end: number; readonly to: string }

/** `all` looks for everything; `forms` for what form or a whole known name gives away: enum values stay. */
export type Search = 'all' | 'forms'

export type RewriterParts = {
  readonly source: PseudonymSource
  readonly data: PersonalData
  readonly keepsDomain: (domain: string) => boolean
  /** How values inside JSON texts are replaced. */
  readonly leaf: (value: string | number, field: Field) => string | number
}

type How = { readonly search: Search; readonly depth: number }

const deepest = 3
/** Words that are names as well; in lower case they are words. */
const ordinaryWords = new Set(
  `will mark grant chase bill rose grace hope faith frank drew dean miles chip dale glen lane reed rich star summer
  autumn april june august page price young long short white black green brown gray stone wood hill field park
  rivers banks west north king cook baker smith carter mason hunter porter cooper fisher taylor turner walker
  potter miller case hart love noble sharp small swift wise good best major minor post bond cash coin sale
  table bird wolf fox lamb rock ford lake bush moon dawn eve jean guy max pat rob sue art joy sky day ray may
  active name names email user users team work home main list item items state order note notes data date`.split(
    /\s+/,
  ),
)

/** Replaces what is personal in texts, also inside addresses, JSON, percent-encoding and base64. */
export class TextRewriter {
  readonly #parts: RewriterParts
  readonly #literals: LiteralIndex

  constructor(parts: RewriterParts) {
    this.#parts = parts
    this.#literals = new LiteralIndex(parts.data.literals)
  }

  rewrite(text: string, search: Search, depth = 0): string {
    if (depth > deepest || text.length < 2) return text
    const json = depth < deepest ? jsonInText(text) : undefined
    if (json !== undefined) {
      const made = mapLeaves(json, { key: '', parent: '', siblings: [] }, this.#parts)
      return JSON.stringify(made) === JSON.stringify(json) ? text : JSON.stringify(made)
    }
    return replaceAll(text, [
      ...this.#addresses(text, search, depth),
      ...this.#formats(text),
      ...this.#known(text, search),
      ...(search === 'all' ? this.#words(text) : this.#fullNames(text)),
      ...this.#hashes(text),
      ...this.#encoded(text, search, depth),
    ])
  }

  /** A path or URL, part by part, each decoded and encoded again. */
  address(url: string, search: Search = 'all', depth = 0): string {
    const [path = '', query] = url.split(/\?(.*)/s)
    const [, origin = '', rest = ''] = /^(https?:\/\/[^/]+)?(.*)$/s.exec(path) ?? []
    const steps = rest.split('/').map((step) => this.#part(step, { search, depth }))
    const made = this.#origin(origin) + steps.join('/')
    return query === undefined ? made : `${made}?${this.#query(query, { search, depth })}`
  }

  #origin(origin: string): string {
    const host = /^https?:\/\/(?:www\.)?([^/:]+)/.exec(origin)?.[1]
    const { data, source, keepsDomain } = this.#parts
    if (host === undefined || !data.domains.has(host) || keepsDomain(host)) return origin
    return origin.replace(host, domainFor(source, host))
  }

  #query(query: string, how: How): string {
    const pairs = query.split('&').map((pair) => {
      const [name = '', value] = pair.split(/=(.*)/s)
      if (value === undefined) return this.#part(name, how)
      const isSecret = secretParameter.test(name)
      return `${name}=${isSecret ? opaqueFor(this.#parts.source, value) : this.#part(value, how)}`
    })
    return pairs.join('&')
  }

  #part(part: string, { search, depth }: How): string {
    const plain = decoded(part)
    const made = this.rewrite(plain, search, depth + 1)
    if (made === plain) return part
    return plain === part && !/[^\w.~!$'()*+,;:@-]/.test(made) ? made : encodeURIComponent(made)
  }

  #addresses(text: string, search: Search, depth: number): Replacement[] {
    return [...text.matchAll(/https?:\/\/[^\s"'<>\\^`{|}]+/g)].flatMap((match) => {
      const to = this.address(match[0], search, depth)
      return to === match[0] ? [] : [{ start: match.index, end: match.index + match[0].length, to }]
    })
  }

  #formats(text: string): Replacement[] {
    const { source, keepsDomain } = this.#parts
    return personalSpans(text).map(({ kind, start, end }) => ({
      ...{ start, end },
      to: formatFor(source, { kind, text: text.slice(start, end) }, keepsDomain),
    }))
  }

  #known(text: string, search: Search): Replacement[] {
    const { source, data, keepsDomain } = this.#parts
    const literals = this.#literals
      .find(text)
      .filter(({ kind, literal }) => search === 'all' || (kind === 'name' && / /.test(literal)))
      .map(({ start, literal, kind }) => ({
        start,
        end: start + literal.length,
        to: literalFor(source, kind, literal),
      }))
    if (search === 'forms') return literals
    const phones = [...data.phones].flatMap((digits) => phonesIn(text, digits))
    const domains = [...text.matchAll(/(?<![\w@.-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w-])/gi)]
    return [
      ...literals,
      ...phones.map(({ start, end }) => ({
        ...{ start, end },
        to: literalFor(source, 'phone', text.slice(start, end)),
      })),
      ...domains
        .filter(([found]) => data.domains.has(found.toLowerCase()) && !keepsDomain(found))
        .map((match) => ({
          start: match.index,
          end: match.index + match[0].length,
          to: domainFor(source, match[0]),
        })),
    ]
  }

  #words(text: string): Replacement[] {
    const { source, data } = this.#parts
    if (data.words.size === 0) return []
    return [...text.matchAll(/[\p{L}\p{M}]+/gu)].flatMap((match) => {
      const [word] = match
      const start = match.index
      const end = start + word.length
      const around = (text[start - 1] ?? ' ') + (text[end] ?? ' ')
      if (!data.words.has(fold(word)) || !meansSomebody(word, around)) return []
      return [{ start, end, to: wordFor(source, word) }]
    })
  }

  /** Known words side by side, where one alone may be anything. */
  #fullNames(text: string): Replacement[] {
    const words = this.#words(text)
    return words.filter(({ start, end }) =>
      words.some(
        (other) =>
          /^[ ,.'’-]{1,2}$/.test(text.slice(end, other.start)) ||
          /^[ ,.'’-]{1,2}$/.test(text.slice(other.end, start)),
      ),
    )
  }

  #hashes(text: string): Replacement[] {
    const { source, data, keepsDomain } = this.#parts
    if (data.hashes.size === 0) return []
    return [...text.matchAll(/(?<!\w)(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?!\w)/gi)].flatMap(
      (match) => {
        const known = data.hashes.get(match[0].toLowerCase())
        if (known === undefined) return []
        const email = formatFor(source, { kind: 'email', text: known.email }, keepsDomain)
        const to = createHash(known.algorithm).update(email).digest('hex')
        return [{ start: match.index, end: match.index + match[0].length, to }]
      },
    )
  }

  #encoded(text: string, search: Search, depth: number): Replacement[] {
    return [...text.matchAll(encodedPart)].flatMap((match) => {
      const inner = decodePart(match[0])
      if (inner === null) return []
      const made = this.rewrite(inner.text, search, depth + 1)
      if (made === inner.text) return []
      return [{ start: match.index, end: match.index + match[0].length, to: inner.encode(made) }]
    })
  }
}

const secretParameter =
  /^(access_token|token|sig|signature|key|apikey|api_key|auth|secret|x-amz-(signature|credential|security-token)|policy|hash|jwt)$/i

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** A word of a name in a text: with a capital, or where nothing else is written like it. */
function meansSomebody(word: string, around: string): boolean {
  const length = [...word].length
  if (/\d/.test(around) && (length < 4 || /^[a-f]+$/i.test(word))) return false
  if (word !== word.toLowerCase() || word === word.toUpperCase()) return true
  if (ordinaryWords.has(word)) return false
  return length >= 4 || /[-_.@+/]/.test(around)
}

function phonesIn(text: string, digits: string): { start: number; end: number }[] {
  if (digits.length < 7 || digitsOf(text).length < 7) return []
  const tail = [...digits.slice(-10)].join(String.raw`[\s\u00a0()./-]{0,3}`)
  const pattern = new RegExp(
    String.raw`(?<![\d.])(?:\+?\(?\d{1,3}[\s\u00a0()./-]{0,3})?${tail}(?!\d)`,
    'g',
  )
  return [...text.matchAll(pattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
}

/** Earlier replacements win over later ones that overlap them. */
function replaceAll(text: string, candidates: readonly Replacement[]): string {
  if (candidates.length === 0) return text
  const taken = new Uint8Array(text.length)
  const chosen = candidates.filter(({ start, end }) => {
    if (taken.subarray(start, end).includes(1)) return false
    taken.fill(1, start, end)
    return true
  })
  chosen.sort((a, b) => a.start - b.start)
  let made = ''
  let from = 0
  for (const { start, end, to } of chosen) {
    made += text.slice(from, start) + to
    from = end
  }
  return made + text.slice(from)
}
