import ts from 'typescript'
import type { LintedFile } from './rule.js'

/** Every node below `root`, `root` included, in source order. */
export function* descendants(root: ts.Node): Generator<ts.Node> {
  const open: ts.Node[] = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node
    const children: ts.Node[] = []
    ts.forEachChild(node, (child) => void children.push(child))
    open.push(...children.reverse())
  }
}

/** The method of a call on the context, such as `get` of `ctx.get(...)`; null for other calls. */
export function contextMethod(node: ts.Node, file: LintedFile): string | null {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null
  const { expression, name } = node.expression
  return ts.isIdentifier(expression) && file.contextNames.has(expression.text) ? name.text : null
}

/** Calls of one context method in the file. */
export function contextCalls(file: LintedFile, method: string): ts.CallExpression[] {
  const calls: ts.CallExpression[] = []
  for (const node of descendants(file.source)) {
    if (ts.isCallExpression(node) && contextMethod(node, file) === method) calls.push(node)
  }
  return calls
}

/** Name of the called method: `any` of `z.any()`. */
export function calledMember(node: ts.Node): string | null {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null
  return node.expression.name.text
}

/** True for a name in the place of a value, not for member names, keys and declared names. */
export function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (hasInitializer(parent)) return parent.initializer === node
  const elsewhere =
    ts.isQualifiedName(parent) ||
    ts.isTypeReferenceNode(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isImportClause(parent) ||
    ts.isLabeledStatement(parent)
  return !elsewhere && !(isNamed(parent) && parent.name === node)
}

type Initialised =
  | ts.PropertyAssignment
  | ts.BindingElement
  | ts.VariableDeclaration
  | ts.ParameterDeclaration
  | ts.PropertyDeclaration

function hasInitializer(node: ts.Node): node is Initialised {
  return (
    ts.isPropertyAssignment(node) ||
    ts.isBindingElement(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isPropertyDeclaration(node)
  )
}

/** Declarations, but for `{ name }`, where the name is a reference as well. */
function isNamed(node: ts.Node): node is ts.NamedDeclaration {
  return 'name' in node && !ts.isShorthandPropertyAssignment(node)
}

/** Text of a member's name when it is written out: `a`, `'a'`; null for computed names. */
export function memberName(name: ts.PropertyName | undefined): string | null {
  if (name === undefined) return null
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : null
}

/** The object literal given to createAction, createSync or createOnEvent. */
export function definitionObject(source: ts.SourceFile): ts.ObjectLiteralExpression | null {
  for (const node of descendants(source)) {
    if (
      !ts.isCallExpression(node) ||
      !/^create(Action|Sync|OnEvent)$/.test(node.expression.getText(source))
    )
      continue
    const [first] = node.arguments
    if (first && ts.isObjectLiteralExpression(first)) return first
  }
  return null
}

/** The value of a member of an object literal, following one local constant. */
export function memberValue(
  object: ts.ObjectLiteralExpression,
  name: string,
  source: ts.SourceFile,
): ts.Expression | null {
  for (const property of object.properties) {
    if (memberName(property.name) !== name) continue
    if (ts.isPropertyAssignment(property)) return followConstant(property.initializer, source)
    if (ts.isShorthandPropertyAssignment(property)) return followConstant(property.name, source)
  }
  return null
}

/** `const x = value` read for `x`; the expression itself when it is no local constant. */
export function followConstant(expression: ts.Expression, source: ts.SourceFile): ts.Expression {
  if (!ts.isIdentifier(expression)) return expression
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (ts.isIdentifier(name) && name.text === expression.text && initializer) return initializer
    }
  }
  return expression
}

/** The text that an expression spells, also in pieces: `'a' + 'b'`; null for any other expression. */
export function constantText(expression: ts.Expression): string | null {
  if (ts.isStringLiteralLike(expression)) return expression.text
  if (ts.isParenthesizedExpression(expression)) return constantText(expression.expression)
  if (!ts.isBinaryExpression(expression)) return null
  if (expression.operatorToken.kind !== ts.SyntaxKind.PlusToken) return null
  const [left, right] = [constantText(expression.left), constantText(expression.right)]
  return left === null || right === null ? null : left + right
}

/** The fields of `z.object({ ... })` and of `z.strictObject({ ... })`; none of anything else. */
export function schemaFields(schema: ts.Expression): ts.PropertyAssignment[] {
  if (!ts.isCallExpression(schema)) return []
  if (!/^(object|strictObject)$/.test(calledMember(schema) ?? '')) return []
  const [shape] = schema.arguments
  if (!shape || !ts.isObjectLiteralExpression(shape)) return []
  return shape.properties.filter(ts.isPropertyAssignment)
}
