import type ts from 'typescript'
import type { Scopes } from '../scopes.js'

/** One call on the context, such as `ctx.get(...)`. */
export type ContextCall = {
  readonly node: ts.CallExpression
  readonly method: string
  readonly module: LintedModule
}

/** One parsed file of a function: the entry, or a file it imports. */
export type LintedModule = {
  readonly path: string
  readonly source: ts.SourceFile
  readonly scopes: Scopes
  /** Every node of one kind, in source order. */
  of(kind: ts.SyntaxKind): readonly ts.Node[]
  /** Declarations whose value is the context; grows when a caller in another file hands it over. */
  readonly contexts: Set<ts.Node>
  /** Calls on the context, in source order. */
  contextCalls(): readonly ContextCall[]
}

/** The nodes of `kind` that lie inside `root`. */
export function within(module: LintedModule, root: ts.Node, kind: ts.SyntaxKind): ts.Node[] {
  return module.of(kind).filter(({ pos, end }) => pos >= root.pos && end <= root.end)
}
