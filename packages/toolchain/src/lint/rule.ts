import type ts from 'typescript'
import type { BehaviourId } from '@plumb/protocol'

/** One parsed function with what several rules need to know about it. */
export type LintedFile = {
  readonly path: string
  readonly source: ts.SourceFile
  /** True when no declaration in the file gives the identifier its meaning. */
  isGlobal(node: ts.Identifier): boolean
  /** Name of the context in `exec`: `ctx`, `nango`. */
  readonly contextNames: ReadonlySet<string>
  readonly kind: 'action' | 'sync' | 'on-event' | 'unknown'
  /** Output fields the brief itself declares, which are therefore not suspicious. */
  readonly declaredOutputFields: ReadonlySet<string>
  /** Input fields that the brief itself declares. */
  readonly declaredInputFields: ReadonlySet<string>
  /** Statuses outside 2xx that the brief declares as normal; null when there is no brief. */
  readonly expectedStatuses: ReadonlySet<number> | null
}

/** Where a rule hit. Severity and remedy of the rule apply unless given here. */
export type Hit = {
  readonly start: number
  readonly end: number
  readonly message: string
  readonly severity?: 'reject' | 'warn'
}

/**
 * One question about the syntax of a function. `visit` is asked for every node, `finish` once for the whole file.
 */
export type LintRule = {
  readonly name: string
  readonly behaviour: BehaviourId
  readonly severity: 'reject' | 'warn'
  readonly remedy: string
  readonly visit?: (node: ts.Node, file: LintedFile) => Hit | null
  readonly finish?: (file: LintedFile) => readonly Hit[]
}

/** A hit that covers `node`, quoting it (cut to one line of 80 characters). */
export function hit(node: ts.Node, file: LintedFile, message: (text: string) => string): Hit {
  const start = node.getStart(file.source)
  return { start, end: node.end, message: message(quote(node.getText(file.source))) }
}

/** A short one-line quotation of source text. */
export function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return `"${line.length > 80 ? `${line.slice(0, 77)}...` : line}"`
}
