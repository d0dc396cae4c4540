import type { Json } from '@plumb/protocol'
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { Document } from 'yaml'

export type Position = { readonly line: number; readonly column: number }
export type Path = readonly (string | number)[]

/** A parsed JSON or YAML text that still knows where each of its values stands. */
export type PositionedDocument = {
  readonly value: Json
  readonly syntaxErrors: readonly { readonly position: Position; readonly message: string }[]
  /** Where the value at the path stands; the nearest value around it when there is none. */
  positionOf(path: Path): Position
  /** Where a key of the object at the path stands. */
  positionOfKey(path: Path, key: string): Position
}

/** Reads JSON and YAML alike; positions count from 1. */
export function parsePositioned(text: string): PositionedDocument {
  // A file that is no text gives dozens of errors that say nothing.
  if (text.includes('\u0000') || text.includes('\ufffd')) return unreadable('This is not text.')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const at = (offset: number | undefined): Position => {
    const { line, col } = lines.linePos(offset ?? 0)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const values = document.errors.length > 0 ? null : valueOf(document)
  if (values instanceof Error) return unreadable(values.message)
  const nodeAt = (path: Path): unknown =>
    path.length === 0 ? document.contents : document.getIn(path, true)
  const positionOf = (path: Path): Position => {
    const node = nodeAt(path)
    if (isNode(node) && node.range) return at(node.range[0])
    return path.length === 0 ? at(0) : positionOf(path.slice(0, -1))
  }
  return {
    value: values,
    syntaxErrors: document.errors.map((error) => ({
      position: at(error.pos[0]),
      message: error.message.split(/ at line \d+|\n/)[0] ?? error.message,
    })),
    positionOf,
    positionOfKey: (path, key) => {
      const node = nodeAt(path)
      const pair = isMap(node)
        ? node.items.find((item) => isScalar(item.key) && item.key.value === key)
        : undefined
      return isScalar(pair?.key) && pair.key.range ? at(pair.key.range[0]) : positionOf(path)
    },
  }
}

/** Aliases may be unknown, or refer to each other so often that the value would fill the memory. */
function valueOf(document: Document): Json | Error {
  try {
    return document.toJS({ maxAliasCount: 100 }) as Json
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function unreadable(message: string): PositionedDocument {
  const start = { line: 1, column: 1 }
  return {
    value: null,
    syntaxErrors: [{ position: start, message }],
    positionOf: () => start,
    positionOfKey: () => start,
  }
}
