import type { Receipt } from '@plumb/protocol'
import { decoded } from '../../reading/decoded.js'
import { parsed } from './account-call.js'
import { leafName, leavesOf } from './leaves.js'
import type { Leaf, LeafPath } from './leaves.js'

/** Where in the account a value was first seen. */
export type Origin = {
  readonly receipt: Receipt
  /** Its place in the answer. */
  readonly path: LeafPath
}

/** Values that are shorter occur by chance, and count only under a name that fits. */
const tellingLength = 6

/** The first answer that held the value of an input leaf; null when the caller came up with the value. */
export function originOf(leaf: Leaf, history: readonly Receipt[]): Origin | null {
  const text = String(leaf.value)
  if (leaf.value === null || typeof leaf.value === 'boolean' || text === '') return null
  for (const receipt of history) {
    // Sent first, then answered: the value is the caller's, unless it only names what was asked for.
    if (bodyTexts(receipt).includes(text)) return null
    const found = answerLeaves(receipt).find(
      (one) => String(one.value) === text && (text.length >= tellingLength || fits(leaf, one)),
    )
    if (found) return { receipt, path: found.path }
  }
  return null
}

function fits(leaf: Leaf, other: Leaf): boolean {
  const [name, seen] = [leafName(leaf.path), leafName(other.path)]
  return name !== '' && seen !== '' && (name.endsWith(seen) || seen.endsWith(name))
}

function answerLeaves({ response }: Receipt): Leaf[] {
  if (response === null || response.status >= 300) return []
  return leavesOf(parsed(response.body.text))
}

/** Everything that the body of a request sends, as texts. */
export function bodyTexts({ request: { body } }: Pick<Receipt, 'request'>): string[] {
  if (body === null) return []
  const value = parsed(body.text)
  if (typeof value !== 'string') return leavesOf(value).map((leaf) => String(leaf.value))
  return [value, ...new URLSearchParams(value).values()]
}

/** The steps of the path and the values of the query, decoded. */
export function addressTexts(url: string): string[] {
  const { pathname, searchParams } = new URL(url)
  const steps = pathname.split('/').filter(Boolean).map(decoded)
  return [...steps, ...searchParams.values()]
}
