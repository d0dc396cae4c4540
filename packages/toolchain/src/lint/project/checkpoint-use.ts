import ts from 'typescript'
import { within } from './linted-module.js'
import type { ContextCall, LintedModule } from './linted-module.js'
import type { LintedFunction } from './project-rule.js'

/** True when what a getCheckpoint call returns only goes into logs, other checkpoints, or nowhere. */
export function decidesNothing({ node, module }: ContextCall, linted: LintedFunction): boolean {
  const flow: Flow = { module, known: new Set(), open: [] }
  if (decides(node, flow, linted)) return false
  for (let at = flow.open.pop(); at !== undefined; at = flow.open.pop()) {
    if (references(at, module).some((reference) => decides(reference, flow, linted))) return false
  }
  return true
}

type Flow = {
  readonly module: LintedModule
  readonly known: Set<ts.Node>
  /** Declarations whose value comes from the checkpoint and whose uses are not looked at yet. */
  readonly open: ts.Node[]
}

/** True when the value of `node` decides something; where it is only kept, the new place joins the flow. */
function decides(node: ts.Node, flow: Flow, linted: LintedFunction): boolean {
  let at = node
  while (carries(at.parent, at)) at = at.parent
  const { parent } = at
  if (ts.isExpressionStatement(parent)) return false
  if (ts.isVariableDeclaration(parent)) return keep(parent.name, flow)
  if (isAssignment(parent, at)) return keepAssigned(parent.left, flow)
  return !isReportedOnly(at, linted)
}

/** Expressions that hand the value on: `await x`, `x.a`, `x ?? y`, `Schema.parse(x)`. */
function carries(parent: ts.Node, node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) {
    return parent.expression === node
  }
  if (ts.isBinaryExpression(parent)) {
    return /^(\?\?|\|\||&&)$/.test(parent.operatorToken.getText()) && parent.left === node
  }
  if (ts.isCallExpression(parent)) return isParsing(parent, node)
  return (
    ts.isAwaitExpression(parent) ||
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isNonNullExpression(parent)
  )
}

function isParsing(call: ts.CallExpression, argument: ts.Node): boolean {
  return (
    call.arguments.some((one) => one === argument) &&
    /(\.(safeParse|parse)|^String|^Number|^JSON\.stringify)$/.test(call.expression.getText())
  )
}

function isAssignment(node: ts.Node, right: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    node.right === right &&
    node.operatorToken.kind === ts.SyntaxKind.EqualsToken
  )
}

function keep(name: ts.BindingName, flow: Flow): boolean {
  const declarations = ts.isIdentifier(name)
    ? [name.parent]
    : within(flow.module, name, ts.SyntaxKind.BindingElement)
  for (const one of declarations) add(one, flow)
  return false
}

function keepAssigned(left: ts.Expression, flow: Flow): boolean {
  const declaration = ts.isIdentifier(left) ? flow.module.scopes.declarationOf(left) : null
  if (declaration === null) return true
  add(declaration, flow)
  return false
}

function add(declaration: ts.Node, flow: Flow): void {
  if (flow.known.has(declaration)) return
  flow.known.add(declaration)
  flow.open.push(declaration)
}

function references(declaration: ts.Node, module: LintedModule): ts.Node[] {
  const { name } = declaration as ts.VariableDeclaration
  if (!ts.isIdentifier(name)) return []
  return module
    .of(ts.SyntaxKind.Identifier)
    .filter((node) => ts.isIdentifier(node) && node.text === name.text && node !== name)
    .filter((node) => ts.isIdentifier(node) && module.scopes.declarationOf(node) === declaration)
    .filter((node) => !isMemberOrTarget(node))
}

function isMemberOrTarget(node: ts.Node): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node
  if (ts.isPropertyAssignment(parent)) return parent.name === node
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  )
}

/** Inside the arguments of log, saveCheckpoint or console. */
function isReportedOnly(node: ts.Node, linted: LintedFunction): boolean {
  for (let at = node; at.parent && !ts.isStatement(at); at = at.parent) {
    if (!ts.isCallExpression(at)) continue
    const call = linted.calls.find((one) => one.node === at)
    if (call) return /^(log|saveCheckpoint)$/.test(call.method)
    if (/^console\b/.test(at.expression.getText())) return true
  }
  return false
}
