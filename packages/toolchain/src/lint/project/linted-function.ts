import ts from 'typescript'
import { memberName } from '../syntax.js'
import { bare, functionOf, handedOver, spreadContexts } from './context-values.js'
import { meaningOf } from './follow-imports.js'
import type { ImportedFiles, Meaning } from './follow-imports.js'
import { within } from './linted-module.js'
import type { ContextCall, LintedModule } from './linted-module.js'
import type { LintedFunction, Located } from './project-rule.js'

const kinds: Readonly<Record<string, LintedFunction['kind']>> = {
  createAction: 'action',
  createSync: 'sync',
  createOnEvent: 'on-event',
}

export type FollowedFunction = LintedFunction & {
  /** The entry and every file it reaches. */
  readonly modules: readonly LintedModule[]
}

/** Reads what a function defines and follows what its `exec` and `onWebhook` reach. */
export function followFunction(entry: LintedModule, files: ImportedFiles): FollowedFunction {
  const creations = creationsOf(entry)
  const [creation] = creations
  const definition = creation ? definitionOf(creation, entry) : null
  const roots = definition ? rootsOf(definition) : []
  const reached = reachFrom(
    roots.map((node) => ({ node, module: entry })),
    files,
  )
  return {
    entry,
    creations,
    definition,
    kind: kinds[creation?.expression.getText() ?? ''] ?? 'unknown',
    modules: [...new Set([entry, ...reached.map(({ module }) => module)])],
    calls: callsIn(reached),
    valueOf: (expression, module) => valueOf(expression, module, files),
  }
}

function creationsOf(module: LintedModule): ts.CallExpression[] {
  return module
    .of(ts.SyntaxKind.CallExpression)
    .filter(ts.isCallExpression)
    .filter(({ expression }) => ts.isIdentifier(expression) && expression.text in kinds)
}

function definitionOf(
  creation: ts.CallExpression,
  module: LintedModule,
): ts.ObjectLiteralExpression | null {
  const [first] = creation.arguments
  if (!first) return null
  const value = localValue(bare(first), module)
  return ts.isObjectLiteralExpression(value) ? value : null
}

function localValue(expression: ts.Expression, module: LintedModule): ts.Expression {
  if (!ts.isIdentifier(expression)) return expression
  const declaration = module.scopes.declarationOf(expression)
  const constant = declaration !== null && ts.isVariableDeclaration(declaration)
  return constant && declaration.initializer ? bare(declaration.initializer) : expression
}

/** `exec` and `onWebhook`; the whole definition when it is put together from other objects. */
function rootsOf(definition: ts.ObjectLiteralExpression): ts.Node[] {
  if (definition.properties.some(ts.isSpreadAssignment)) return [definition]
  return definition.properties.filter(({ name }) =>
    /^(exec|onWebhook)$/.test(memberName(name) ?? ''),
  )
}

/** The declarations that code under `roots` refers to, and those that these refer to, with their files. */
function reachFrom(roots: readonly Meaning[], files: ImportedFiles): Meaning[] {
  const reached = new Map<ts.Node, Meaning>()
  const open = [...roots]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (reached.has(at.node)) continue
    reached.set(at.node, at)
    handContextOn(at.module, files)
    for (const next of referredTo(at, files)) if (!reached.has(next.node)) open.push(next)
  }
  return [...reached.values()]
}

function* referredTo({ node, module }: Meaning, files: ImportedFiles): Generator<Meaning> {
  for (const name of within(module, node, ts.SyntaxKind.Identifier)) {
    if (!ts.isIdentifier(name) || isMemberName(name)) continue
    const meaning = meaningOf(name, module, files)
    if (meaning && isCode(meaning.node) && !isInside(meaning, { node, module })) yield meaning
  }
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  )
}

function isInside(inner: Meaning, outer: Meaning): boolean {
  const { pos, end } = inner.node
  return inner.module === outer.module && pos >= outer.node.pos && end <= outer.node.end
}

/** Functions, classes, whole files, and constants that are no schema. */
function isCode(node: ts.Node): boolean {
  if (!ts.isVariableDeclaration(node)) {
    return ts.isFunctionDeclaration(node) || ts.isClassLike(node) || ts.isSourceFile(node)
  }
  return node.initializer !== undefined && !/^z\s*\.|^['"`\d[]/.test(node.initializer.getText())
}

/** Marks parameters in other files that this file calls with the context. */
function handContextOn(module: LintedModule, files: ImportedFiles): void {
  for (const { callee, position } of handedOver(module)) {
    const meaning = meaningOf(callee, module, files)
    if (meaning === null || meaning.module === module) continue
    const parameter = functionOf(meaning.node)?.parameters[position]
    if (!parameter || !ts.isIdentifier(parameter.name) || meaning.module.contexts.has(parameter))
      continue
    meaning.module.contexts.add(parameter)
    spreadContexts(meaning.module)
  }
}

function callsIn(reached: readonly Meaning[]): ContextCall[] {
  const found = new Set<ContextCall>()
  for (const { node, module } of reached) {
    for (const call of module.contextCalls()) {
      if (call.node.pos >= node.pos && call.node.end <= node.end) found.add(call)
    }
  }
  return [...found].sort((a, b) => a.node.pos - b.node.pos)
}

function valueOf(expression: ts.Expression, module: LintedModule, files: ImportedFiles): Located {
  const node = bare(expression)
  if (!ts.isIdentifier(node)) return { node, module }
  const meaning = meaningOf(node, module, files)
  if (!meaning || !ts.isVariableDeclaration(meaning.node) || !meaning.node.initializer)
    return { node, module }
  return valueOf(meaning.node.initializer, meaning.module, files)
}
