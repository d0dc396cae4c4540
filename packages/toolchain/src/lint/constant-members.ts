import ts from 'typescript'
import { descendants, memberName } from './syntax.js'

export type ConstantMember = {
  readonly name: string
  /** What is written for it. */
  readonly value: string | number | boolean | null
  /** The same as it stands in the source. */
  readonly text: string
  readonly line: number
  readonly column: number
}

/** Members of object literals in a function that are written out as a constant, whatever an answer says. */
export function constantMembers(text: string): ConstantMember[] {
  const source = ts.createSourceFile('/function.ts', text, ts.ScriptTarget.ES2023, true)
  return [...descendants(source)].filter(ts.isPropertyAssignment).flatMap((node) => {
    const name = memberName(node.name)
    const value = constantOf(node.initializer)
    if (name === null || value === undefined || isArgument(node)) return []
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source))
    const written = node.initializer.getText(source).slice(0, 60)
    return [{ name, value, text: written, line: line + 1, column: character + 1 }]
  })
}

function constantOf(node: ts.Expression): ConstantMember['value'] | undefined {
  if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node))
    return constantOf(node.expression)
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isNumericLiteral(node)) return Number(node.text)
  if (node.kind === ts.SyntaxKind.NullKeyword) return null
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true
  return node.kind === ts.SyntaxKind.FalseKeyword ? false : undefined
}

/** What is handed to a call of the context, and the definition itself, is no result. */
function isArgument(node: ts.Node): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isArrowFunction(at) || ts.isFunctionLike(at) || ts.isReturnStatement(at)) return false
    if (ts.isCallExpression(at)) return !/batch(Save|Update)$/.test(at.expression.getText())
  }
  return false
}
