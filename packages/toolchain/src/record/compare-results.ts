import { canonicalJson } from '@plumb/protocol'

/** How a replay over pseudonyms differs from the pseudonyms of what was recorded. */
export type Comparison =
  | { readonly kind: 'same' }
  /** Only texts differ, in equal places: initials, cut or joined names, what is made of them. */
  | { readonly kind: 'derived'; readonly paths: readonly string[] }
  /** Something else differs: the function decided otherwise. */
  | { readonly kind: 'other'; readonly why: string }

/** Compares two results leaf by leaf. */
export function compareResults(recorded: unknown, replayed: unknown): Comparison {
  const paths: string[] = []
  const why = firstOther({ recorded, replayed, path: '' }, paths)
  if (why !== null) return { kind: 'other', why }
  return paths.length === 0 ? { kind: 'same' } : { kind: 'derived', paths }
}

type Pair = { readonly recorded: unknown; readonly replayed: unknown; readonly path: string }

function firstOther({ recorded, replayed, path }: Pair, texts: string[]): string | null {
  if (canonicalJson(recorded) === canonicalJson(replayed)) return null
  if (areTexts(recorded, replayed)) {
    texts.push(path.slice(1))
    return null
  }
  const place = path.slice(1) || 'the result'
  if (!isObject(recorded) || !isObject(replayed)) return `${place} is no longer what it was`
  const [before, after] = [Object.keys(recorded), Object.keys(replayed)]
  const added = [...before, ...after].find((key) => !(key in recorded && key in replayed))
  if (added !== undefined) return `${place} has other members than it had`
  for (const key of before) {
    const members = { recorded: recorded[key], replayed: replayed[key], path: `${path}.${key}` }
    const why = firstOther(members, texts)
    if (why !== null) return why
  }
  return null
}

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
