import ts from 'typescript'
import { hit } from './rule.js'
import type { LintRule } from './rule.js'
import { descendants } from './syntax.js'

const comparison = /^(<|<=|>|>=|===|!==|==|!=)$/
const firstYear = 1970

/** Rules against code that behaves differently from some day on. */
export const clockRules: readonly LintRule[] = [
  {
    name: 'no-time-bomb',
    behaviour: 'C9',
    severity: 'reject',
    remedy: 'A function behaves the same on every day. Compare times of the input or the answers.',
    visit: (node, file) => {
      if (!ts.isBinaryExpression(node) || !comparison.test(node.operatorToken.getText()))
        return null
      const { left, right } = node
      const bomb =
        (readsClock(left, file.source) && isMoment(right)) ||
        (readsClock(right, file.source) && isMoment(left))
      return bomb ? hit(node, file, (text) => `${text} asks whether a fixed day has come.`) : null
    },
  },
]

/** True when the value comes from the clock, also through a constant of the file. */
function readsClock(expression: ts.Expression, source: ts.SourceFile): boolean {
  const nodes = [...descendants(expression)]
  if (nodes.some(isClock)) return true
  const names = new Set(nodes.filter(ts.isIdentifier).map(({ text }) => text))
  for (const node of descendants(source)) {
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || !node.initializer)
      continue
    if (names.has(node.name.text) && startsWithClock(node.initializer)) return true
  }
  return false
}

/** `Date.now()`, `new Date()` and what is read from them, such as `new Date().getFullYear()`. */
function startsWithClock(expression: ts.Expression): boolean {
  if (isClock(expression)) return true
  const inner =
    ts.isCallExpression(expression) || ts.isPropertyAccessExpression(expression)
      ? expression.expression
      : null
  return inner !== null && startsWithClock(inner)
}

function isClock(node: ts.Node): boolean {
  if (ts.isNewExpression(node))
    return node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0
  return ts.isCallExpression(node) && node.expression.getText() === 'Date.now'
}

/** A date or year that is written out, and nothing else. */
function isMoment(expression: ts.Expression): boolean {
  const nodes = [...descendants(expression)]
  const known = nodes.filter(ts.isIdentifier).every(({ text }) => /^(Date|parse|UTC)$/.test(text))
  return known && !nodes.some(isClock) && nodes.some(isDateLiteral)
}

function isDateLiteral(node: ts.Node): boolean {
  if (ts.isNumericLiteral(node)) return Number(node.text) >= firstYear
  return ts.isStringLiteralLike(node) && /\d{4}/.test(node.text)
}
