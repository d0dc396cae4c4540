import type { Json } from '@plumb/protocol'
import { mapLeaves } from './map-leaves.js'
import { looksLikeName } from './personal-data.js'
import type { PersonalData } from './personal-data.js'
import { fieldKind } from './personal-keys.js'
import type { Field, FieldKind } from './personal-keys.js'
import { literalFor } from './pseudonyms.js'
import type { LiteralKind } from './pseudonyms.js'
import type { PseudonymSource } from './pseudonym-source.js'
import { TextRewriter } from './text-rewriter.js'

export type ValueRules = {
  readonly source: PseudonymSource
  readonly data: PersonalData
  readonly keepsDomain: (domain: string) => boolean
  /** Values of enumerations and constants: they stay where no field says that they are somebody's. */
  readonly isFixed: (text: string) => boolean
}

/** Replaces personal data in JSON values by field, form and what is known of it elsewhere. */
export class ValueRewriter {
  readonly #rules: ValueRules
  readonly text: TextRewriter

  constructor(rules: ValueRules) {
    this.#rules = rules
    this.text = new TextRewriter({ ...rules, leaf: (value, field) => this.#leaf(value, field) })
  }

  value(value: Json, field: Field): Json {
    return mapLeaves(value, field, {
      leaf: (leaf, place) => this.#leaf(leaf, place),
      key: (name) => this.text.rewrite(name, 'forms'),
    })
  }

  #leaf(value: string | number, field: Field): string | number {
    const kind = fieldKind(field)
    if (typeof value === 'number') return this.#number(value, kind)
    if (value.trim() === '') return value
    return this.#certain(value, kind) ?? this.#open(value, kind)
  }

  /** What the field alone decides. */
  #certain(text: string, kind: FieldKind): string | null {
    const { source, data } = this.#rules
    if (kind === 'name') return looksLikeName(text) ? literalFor(source, 'name', text) : null
    const known = data.literals.get(text)
    if (known === undefined || known === 'email' || known !== kind) return null
    const inner = known === 'address' ? this.text.rewrite(text, 'all') : text
    // An address that was put together from known parts is replaced part by part.
    return known === 'address' && inner !== text && hasOtherParts(text, data)
      ? inner
      : literalFor(source, known, text)
  }

  #open(text: string, kind: FieldKind): string {
    const { source, data } = this.#rules
    const known = data.literals.get(text)
    if (kind === 'enum' && !text.includes('@')) return text
    if (isNamed.has(kind)) {
      const inRole = kind === 'id' && known !== undefined && staysPersonal.has(known)
      return inRole ? literalFor(source, known, text) : this.text.rewrite(text, 'forms')
    }
    if (this.#rules.isFixed(text)) return text
    if (known !== undefined && known !== 'email') return literalFor(source, known, text)
    return this.text.rewrite(text, 'all')
  }

  #number(value: number, kind: FieldKind): number {
    const { source, data } = this.#rules
    const text = String(value)
    const literal = kind === 'text' && data.phones.has(text) ? 'phone' : kind
    if (!/^\d{4,}$/.test(text) || !isNumeric(literal)) return value
    if (literal === 'phone' && text.length < 6) return value
    const made = Number(literalFor(source, literal, text))
    return Number.isSafeInteger(made) ? made : value
  }
}

/** Fields that name or class a thing: only what form gives away is replaced in them. */
const isNamed: ReadonlySet<FieldKind> = new Set(['enum', 'id', 'company'] as const)

function isNumeric(kind: FieldKind): kind is 'phone' | 'number' | 'birth-date' {
  return kind === 'phone' || kind === 'number' || kind === 'birth-date'
}

/** Identifiers are left alone unless they are somebody's name in another role. */
const staysPersonal: ReadonlySet<LiteralKind> = new Set(['handle', 'phone'] as const)

function hasOtherParts(text: string, data: PersonalData): boolean {
  return [...data.literals].some(
    ([literal, kind]) =>
      (kind === 'address' || kind === 'postcode') && literal !== text && text.includes(literal),
  )
}
