import type ts from 'typescript'
import type { BehaviourId } from '@plumb/protocol'
import { quote } from '../rule.js'
import type { ContextCall, LintedModule } from './linted-module.js'

/** A function with every file that it reaches. */
export type LintedFunction = {
  readonly entry: LintedModule
  readonly kind: 'action' | 'sync' | 'on-event' | 'unknown'
  /** The object given to createAction, createSync or createOnEvent; null when there is none. */
  readonly definition: ts.ObjectLiteralExpression | null
  /** The calls of createAction, createSync and createOnEvent in the entry. */
  readonly creations: readonly ts.CallExpression[]
  /** Context calls that `exec` and `onWebhook` reach, also in other files. */
  readonly calls: readonly ContextCall[]
  /** What an expression stands for: its constant, also in another file. */
  valueOf(expression: ts.Expression, module: LintedModule): Located
}

export type Located = { readonly node: ts.Node; readonly module: LintedModule }

/** Where a project rule hit. The rule's severity applies unless given here. */
export type Placed = {
  readonly module: LintedModule
  readonly node: ts.Node
  readonly message: string
  readonly severity?: 'reject' | 'warn'
}

/** One question about a function and its files, whoever wrote it. */
export type ProjectRule = {
  readonly name: string
  readonly behaviour: BehaviourId
  readonly severity: 'reject' | 'warn'
  /** What goes wrong, in one sentence. */
  readonly summary: string
  readonly remedy: string
  /** Asked once for each file. */
  readonly inModule?: (module: LintedModule, allowed: ReadonlySet<string>) => readonly Placed[]
  /** Asked once for the function as a whole. */
  readonly inFunction?: (linted: LintedFunction) => readonly Placed[]
}

/** A hit with the rule that it belongs to. */
export type Found = { readonly rule: ProjectRule; readonly hit: Placed }

/** A hit on `node`, with its text, cut to one line of 80 characters, as the subject of the sentence. */
export function place(module: LintedModule, node: ts.Node, predicate: string): Placed {
  return { module, node, message: `${quote(node.getText(module.source))} ${predicate}` }
}

/** A hit on a context call. */
export function placeCall({ module, node }: ContextCall, predicate: string): Placed {
  return place(module, node, predicate)
}
