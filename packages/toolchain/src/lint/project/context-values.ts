import ts from 'typescript'
import { memberName } from '../syntax.js'
import type { LintedModule } from './linted-module.js'

const contextType =
  /\bNango(Sync|Action)|\b(Sync|Action|OnEvent|Function)Context\b|\bParameters\s*<.*exec\b/

/** True for an expression whose value is the context: `nango`, `(nango as any)`, `this.nango`. */
export function isContext(expression: ts.Expression, module: LintedModule): boolean {
  const inner = bare(expression)
  if (ts.isPropertyAccessExpression(inner)) return /^(nango|ctx)$/.test(inner.name.text)
  if (!ts.isIdentifier(inner)) return false
  const declaration = module.scopes.declarationOf(inner)
  return declaration !== null && module.contexts.has(declaration)
}

/** The expression without parentheses, assertions, `!` and `await`. */
export function bare(expression: ts.Expression): ts.Expression {
  let inner = expression
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isAwaitExpression(inner)
  ) {
    inner = inner.expression
  }
  return inner
}

/** Adds to `module.contexts` what holds the context by its type or name. */
export function findContexts(module: LintedModule): void {
  for (const node of module.of(ts.SyntaxKind.Parameter)) {
    if (ts.isParameter(node) && holdsContext(node)) module.contexts.add(node)
  }
  spreadContexts(module)
}

/** Adds to `module.contexts` what the file itself hands the context to. */
export function spreadContexts(module: LintedModule): void {
  for (let before = -1; before !== module.contexts.size;) {
    before = module.contexts.size
    for (const node of handedOn(module)) module.contexts.add(node)
  }
}

function holdsContext(node: ts.ParameterDeclaration): boolean {
  if (!ts.isIdentifier(node.name)) return false
  if (isFirstOfExec(node)) return true
  if (node.type && contextType.test(node.type.getText())) return true
  const loose = !node.type || node.type.kind === ts.SyntaxKind.AnyKeyword
  return node.name.text === 'nango' || (node.name.text === 'ctx' && loose)
}

/** The first parameter of `exec` or `onWebhook` in an object literal. */
function isFirstOfExec(node: ts.ParameterDeclaration): boolean {
  const method = node.parent
  if (method.parameters[0] !== node) return false
  const member = ts.isMethodDeclaration(method) ? method : method.parent
  if (!ts.isObjectLiteralElement(member) || !ts.isObjectLiteralExpression(member.parent))
    return false
  return /^(exec|onWebhook)$/.test(memberName(member.name) ?? '')
}

/** `const api = nango`, and parameters of functions of this file that are called with the context. */
function* handedOn(module: LintedModule): Generator<ts.Node> {
  for (const node of module.of(ts.SyntaxKind.VariableDeclaration)) {
    if (!ts.isVariableDeclaration(node) || !node.initializer) continue
    if (isContext(node.initializer, module)) yield node
  }
  for (const { callee, position } of handedOver(module)) {
    const target = functionOf(module.scopes.declarationOf(callee))
    const parameter = target?.parameters[position]
    if (parameter && ts.isIdentifier(parameter.name)) yield parameter
  }
}

type HandedOver = { readonly callee: ts.Identifier; readonly position: number }

/** Calls of named functions with the context as an argument. */
export function handedOver(module: LintedModule): HandedOver[] {
  const found: HandedOver[] = []
  for (const node of module.of(ts.SyntaxKind.CallExpression)) {
    if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) continue
    for (const [position, argument] of node.arguments.entries()) {
      if (isContext(argument, module)) found.push({ callee: node.expression, position })
    }
  }
  return found
}

/** The function that a declaration defines: `function f() {}`, `const f = () => {}`; null for other declarations. */
export function functionOf(declaration: ts.Node | null): ts.SignatureDeclaration | null {
  if (declaration === null) return null
  if (ts.isFunctionDeclaration(declaration)) return declaration
  if (!ts.isVariableDeclaration(declaration) || !declaration.initializer) return null
  const value = bare(declaration.initializer)
  return ts.isArrowFunction(value) || ts.isFunctionExpression(value) ? value : null
}
