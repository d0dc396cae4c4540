import ts from 'typescript'

type Literal =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'other'; readonly line: number; readonly text: string }

/** The value of `export default { ... }`, also inside one call such as `defineConfig(...)`, when it is written out. */
export function exportedLiteral(text: string): Literal {
  const source = ts.createSourceFile('/config.ts', text, ts.ScriptTarget.ES2023, true)
  const exported = source.statements.find(ts.isExportAssignment)
  if (exported === undefined) return { kind: 'other', line: 1, text: 'no default export' }
  try {
    return { kind: 'literal', value: valueOf(unwrapped(exported.expression)) }
  } catch (error) {
    if (!(error instanceof NoLiteral)) throw error
    const { line } = source.getLineAndCharacterOfPosition(error.node.getStart(source))
    return { kind: 'other', line: line + 1, text: error.node.getText(source).slice(0, 80) }
  }
}

class NoLiteral extends Error {
  readonly node: ts.Node

  constructor(node: ts.Node) {
    super('The expression is no literal.')
    this.node = node
  }
}

function unwrapped(expression: ts.Expression): ts.Expression {
  if (ts.isCallExpression(expression) && expression.arguments[0] !== undefined)
    return unwrapped(expression.arguments[0])
  if (ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression))
    return unwrapped(expression.expression)
  return expression
}

function valueOf(node: ts.Expression): unknown {
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isNumericLiteral(node)) return Number(node.text)
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false
  if (ts.isArrayLiteralExpression(node)) return node.elements.map(valueOf)
  if (ts.isObjectLiteralExpression(node)) return Object.fromEntries(node.properties.map(memberOf))
  throw new NoLiteral(node)
}

function memberOf(property: ts.ObjectLiteralElementLike): [string, unknown] {
  const named = ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name)
  if (!named) throw new NoLiteral(property)
  return [property.name.text, valueOf(property.initializer)]
}
