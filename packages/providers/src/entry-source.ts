import { LineCounter, isMap, isNode, isScalar, parseDocument } from 'yaml'
import type { Document } from 'yaml'

/** The YAML text of an entry, with where everything stands in it. */
export type EntrySource = {
  readonly document: Document
  readonly lines: LineCounter
  readonly file: string
}

/** Something wrong with an entry. `line` counts from 1. */
export type ProviderProblem = {
  readonly file: string
  readonly line: number
  readonly message: string
}

/** `merge` reads `<<` as YAML 1.1 does. */
export function entrySource(
  text: string,
  file: string,
  { merge = false }: { readonly merge?: boolean } = {},
): EntrySource {
  const lines = new LineCounter()
  return { document: parseDocument(text, { lineCounter: lines, merge }), lines, file }
}

/** The problem of the value at `path`, at its line or that of what should hold it. */
export function problemAt(
  path: readonly PropertyKey[],
  source: EntrySource,
  message: string,
): ProviderProblem {
  return { file: source.file, line: lineOf(path, source), message }
}

function lineOf(path: readonly PropertyKey[], source: EntrySource): number {
  const key = path.at(-1)
  const parent = source.document.getIn(path.slice(0, -1), true)
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key)
    if (pair !== undefined && isNode(pair.key) && pair.key.range) {
      return source.lines.linePos(pair.key.range[0]).line
    }
  }
  const node = source.document.getIn(path, true)
  if (isNode(node) && node.range) return source.lines.linePos(node.range[0]).line
  return path.length === 0 ? 1 : lineOf(path.slice(0, -1), source)
}
