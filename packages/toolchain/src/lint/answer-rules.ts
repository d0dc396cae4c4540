import ts from 'typescript'
import { alwaysThrows } from './catch-rules.js'
import { hit } from './rule.js'
import type { Hit, LintedFile, LintRule } from './rule.js'
import { looksLikeData } from './written-values.js'
import { contextMethod, descendants, followConstant, memberName } from './syntax.js'

/** Rules on what a function does with the answers it gets. */
export const answerRules: readonly LintRule[] = [
  {
    name: 'no-ignored-answer',
    behaviour: 'C6',
    severity: 'reject',
    remedy: 'Take the values of the output from the answer.',
    finish: (file) => ignoredAnswers(file),
  },
  {
    name: 'no-undeclared-status',
    behaviour: 'D2',
    severity: 'reject',
    remedy:
      'Let the status throw. When it is a normal answer, it belongs into "expectedStatuses" of the brief.',
    visit: (node, file) => {
      if (!ts.isPropertyAssignment(node) || memberName(node.name) !== 'expectedStatus') return null
      const undeclared = statusesOf(node.initializer, file).filter(
        (status) => file.expectedStatuses?.has(status) === false,
      )
      if (undeclared.length === 0) return null
      const found = hit(
        node,
        file,
        (text) =>
          `${text} takes ${undeclared.join(', ')} as a normal answer, which the brief does not.`,
      )
      return throwsOn(undeclared, file) ? { ...found, severity: 'warn' } : found
    },
  },
]

/** Reading calls of an action that returns data of its own, when no answer is looked at. */
function ignoredAnswers(file: LintedFile): Hit[] {
  if (file.kind !== 'action' || !returnsData(file)) return []
  const calls = [...descendants(file.source)].filter((node) =>
    /^(get|post|put|patch|delete|proxy|paginate)$/.test(contextMethod(node, file) ?? ''),
  )
  // A change of the account may have an answer that says nothing.
  const onlyReads = calls.every((call) => contextMethod(call, file) === 'get')
  if (!onlyReads || !calls.every((call) => isIgnored(call, file))) return []
  return calls.map((call) => hit(call, file, (text) => `Nobody looks at the answer of ${text}.`))
}

function isIgnored(call: ts.Node, { source }: LintedFile): boolean {
  const value = ts.isAwaitExpression(call.parent) ? call.parent : call
  const { parent } = value
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return true
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false
  const { name } = parent
  return ![...descendants(source)].some(
    (node) =>
      ts.isIdentifier(node) &&
      node.text === name.text &&
      node !== name &&
      !ts.isVoidExpression(node.parent) &&
      !ts.isExpressionStatement(node.parent),
  )
}

/** True when data is returned that is written out; a mere `{ status: 'ok' }` can follow from an answer that came at all. */
function returnsData({ source }: LintedFile): boolean {
  for (const node of descendants(source)) {
    if (!ts.isReturnStatement(node) || !node.expression) continue
    for (const inner of descendants(node.expression)) {
      const value = ts.isPropertyAssignment(inner.parent) && inner.parent.initializer === inner
      if (value && (ts.isNumericLiteral(inner) || looksLikeData(constantOf(inner)))) return true
    }
  }
  return false
}

function constantOf(node: ts.Node): string {
  return ts.isStringLiteralLike(node) ? node.text : ''
}

function statusesOf(expression: ts.Expression, file: LintedFile): number[] {
  return [...descendants(followConstant(expression, file.source))]
    .filter(ts.isNumericLiteral)
    .map(({ text }) => Number(text))
}

/** A function may look at a refusal to say more clearly what failed. */
function throwsOn(statuses: readonly number[], { source }: LintedFile): boolean {
  const conditions = [...descendants(source)]
    .filter(ts.isIfStatement)
    .filter(({ thenStatement }) => alwaysThrows(thenStatement))
    .map(({ expression }) => expression.getText(source))
  return statuses.every((status) =>
    conditions.some((text) => /\bstatus\b/.test(text) && text.includes(String(status))),
  )
}
