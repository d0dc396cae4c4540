import type { Disguise } from './disguise.js'
import { leafName, leavesOf, pathText } from './leaves.js'
import type { Leaf, LeafPath, LeafValue } from './leaves.js'
import type { ResponseLeaf } from './response-leaves.js'

/** Where one leaf of the output comes from, as runs with other values have shown. */
export type Provenance = {
  readonly path: string
  readonly value: LeafValue
  readonly source: Source
}

export type Source =
  | { readonly kind: 'response'; readonly call: string; readonly leaf: string }
  | { readonly kind: 'given'; readonly leaf: string }
  | { readonly kind: 'derived'; readonly from: readonly string[] }
  /** Equal to a leaf of a response; when that leaf changed it became something that no answer says. */
  | {
      readonly kind: 'lost'
      readonly call: string
      readonly leaf: string
      readonly became: LeafValue
    }
  /** Equal to a leaf of a response, but it stayed when that leaf changed. */
  | { readonly kind: 'hard-coded'; readonly call: string; readonly leaf: string }
  /** Equal to a leaf of a response that could not be varied without the function failing. */
  | { readonly kind: 'unvaried'; readonly call: string; readonly leaf: string }
  | { readonly kind: 'constant' }

/** One run with other values, and what came out of it. */
export type VariedRun = {
  readonly disguise: Disguise
  readonly of: 'responses' | 'given'
  readonly result: unknown
}

export type ProvenanceInput = {
  readonly result: unknown
  readonly runs: readonly VariedRun[]
  readonly responses: readonly ResponseLeaf[]
  /** Input, metadata, checkpoint and connection. */
  readonly given: readonly Leaf[]
}

const mostLeaves = 1000
const mostTokens = 4000
const fewestCharacters = 4

/** Maps the leaves of a result (the first 1000) to where they come from. */
export function mapProvenance(input: ProvenanceInput): Provenance[] {
  const index = indexOf(input)
  return leavesOf(input.result)
    .slice(0, mostLeaves)
    .map((leaf) => ({
      path: pathText(leaf.path),
      value: leaf.value,
      source: sourceOf(leaf, input, index),
    }))
}

type Index = {
  readonly responses: ReadonlyMap<string, readonly ResponseLeaf[]>
  readonly given: ReadonlyMap<string, readonly Leaf[]>
}

function indexOf({ responses, given }: ProvenanceInput): Index {
  return { responses: byText(responses), given: byText(given) }
}

function byText<L extends Leaf>(leaves: readonly L[]): Map<string, L[]> {
  const map = new Map<string, L[]>()
  for (const leaf of leaves) {
    const text = String(leaf.value)
    const known = map.get(text)
    if (known) known.push(leaf)
    else map.set(text, [leaf])
  }
  return map
}

function sourceOf(leaf: Leaf, input: ProvenanceInput, index: Index): Source {
  const seen = input.runs.map((run) => ({ run, observed: observe(leaf, run) }))
  const followed = seen
    .map(({ run, observed }) =>
      observed.kind === 'follows' ? followedIn(leaf, { run, index, text: observed.text }) : null,
    )
    .find((source) => source !== null)
  if (followed) return followed
  const changes = seen.flatMap(({ run, observed }) =>
    observed.kind === 'changes' ? [{ run, value: observed.value }] : [],
  )
  if (changes.length === 0) return unmoved(leaf, input, index)
  const from = [...new Set(changes.flatMap((change) => tokensIn(change, index)))]
  const lost = from.length > 0 ? null : lostIn(leaf, changes, index)
  return lost ?? { kind: 'derived', from }
}

function followedIn(
  leaf: Leaf,
  { run, index, text }: { run: VariedRun; index: Index; text: string },
): Source | null {
  if (run.of === 'given') {
    const own = nearest(leaf, index.given.get(text) ?? [])
    return { kind: 'given', leaf: own ? pathText(own.path) : text }
  }
  const own = nearest(leaf, index.responses.get(text) ?? [])
  return own ? { kind: 'response', call: own.call, leaf: pathText(own.path) } : null
}

type Changed = { readonly run: VariedRun; readonly value: LeafValue }

function lostIn(leaf: Leaf, changes: readonly Changed[], index: Index): Source | null {
  const text = String(leaf.value)
  const equal = nearest(leaf, index.responses.get(text) ?? [])
  if (!equal || typeof leaf.value === 'boolean' || text === '') return null
  const lost = changes.find(
    ({ run }) => run.of === 'responses' && run.disguise.substitutes.has(text),
  )
  if (!lost) return null
  return { kind: 'lost', call: equal.call, leaf: pathText(equal.path), became: lost.value }
}

function unmoved(leaf: Leaf, { runs }: ProvenanceInput, index: Index): Source {
  const text = String(leaf.value)
  const equal =
    typeof leaf.value === 'boolean' || leaf.value === null || text === ''
      ? undefined
      : nearest(leaf, index.responses.get(text) ?? [])
  if (!equal) return { kind: 'constant' }
  const varied = runs.some((run) => run.of === 'responses' && run.disguise.substitutes.has(text))
  const own = nearest(leaf, index.given.get(text) ?? [])
  const givenVaried = runs.some((run) => run.of === 'given' && run.disguise.substitutes.has(text))
  if (own && !givenVaried) return { kind: 'given', leaf: pathText(own.path) }
  const place = { call: equal.call, leaf: pathText(equal.path) }
  return { kind: varied ? 'hard-coded' : 'unvaried', ...place }
}

type Observation =
  | { readonly kind: 'follows'; readonly text: string }
  | { readonly kind: 'changes'; readonly value: LeafValue }
  | { readonly kind: 'stays' }

function observe(leaf: Leaf, { disguise, result }: VariedRun): Observation {
  const now = leafAt(result, leaf.path)
  if (now === undefined || now === leaf.value) return { kind: 'stays' }
  const text = String(leaf.value)
  if (disguise.substitutes.get(text) === String(now)) return { kind: 'follows', text }
  return { kind: 'changes', value: now }
}

export function leafAt(value: unknown, path: LeafPath): LeafValue | undefined {
  let at: unknown = value
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = Reflect.get(at, step) as unknown
  }
  return at === null || ['string', 'number', 'boolean'].includes(typeof at)
    ? (at as LeafValue)
    : undefined
}

/** Which leaves' new values are inside of a text, in whatever letters; what is given is at least known to be that. */
function tokensIn({ run, value }: Changed, index: Index): string[] {
  const text = folded(String(value))
  const found = [...run.disguise.substitutes]
    .slice(0, mostTokens)
    .filter(([, other]) => folded(other).length >= fewestCharacters && text.includes(folded(other)))
    .flatMap(([original]) => placesOf(original, run, index))
  return found.length === 0 && run.of === 'given' ? ['input'] : found
}

/** Upper case, dashes and the like are no other value. */
function folded(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

function placesOf(text: string, { of }: VariedRun, index: Index): string[] {
  if (of === 'given')
    return (index.given.get(text) ?? []).slice(0, 1).map(({ path }) => pathText(path))
  return (index.responses.get(text) ?? [])
    .slice(0, 1)
    .map(({ call, path }) => `${call} ${pathText(path)}`)
}

/** Several leaves may hold the same value: the one of the same name is the likeliest. */
function nearest<L extends Leaf>(leaf: Leaf, candidates: readonly L[]): L | undefined {
  const name = leafName(leaf.path)
  return candidates.find((one) => leafName(one.path) === name) ?? candidates[0]
}
