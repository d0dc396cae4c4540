import ts from 'typescript'
import { hit } from './rule.js'
import type { LintedFile, LintRule } from './rule.js'
import { descendants } from './syntax.js'

const remedy =
  'Let the error through, or throw a ctx.ActionError that says what failed. When the brief declares a status as a normal answer, pass expectedStatus: [404] to the call and look at response.status.'

/** Rules against turning a failure into a result. */
export const catchRules: readonly LintRule[] = [
  {
    name: 'no-swallowed-error',
    behaviour: 'D5',
    severity: 'reject',
    remedy,
    visit: (node, file) => {
      if (!ts.isCatchClause(node) || alwaysThrows(node.block)) return null
      const found = hit(node, file, (text) => `${text} goes on after any failure.`)
      return narrowed(node.block, file) || !awaits(node.parent.tryBlock)
        ? { ...found, severity: 'warn' }
        : found
    },
  },
  {
    name: 'no-catch-handler',
    behaviour: 'D5',
    severity: 'reject',
    remedy,
    visit: (node, file) => {
      const handler = rejectionHandler(node)
      if (!handler || throwsAsHandler(handler)) return null
      return hit(node, file, (text) => `${text} turns any failure into a result.`)
    },
  },
  {
    name: 'no-all-settled',
    behaviour: 'D5',
    severity: 'warn',
    remedy: 'Use Promise.all, so that one failure fails the function.',
    visit: (node, file) =>
      ts.isPropertyAccessExpression(node) && node.name.text === 'allSettled'
        ? hit(node, file, (text) => `${text} hides which calls failed.`)
        : null,
  },
  {
    name: 'no-return-in-finally',
    behaviour: 'D5',
    severity: 'reject',
    remedy,
    visit: (node, file) => {
      if (!ts.isTryStatement(node) || !node.finallyBlock) return null
      const leaves = statementsOf(node.finallyBlock).find(isJump)
      return leaves
        ? hit(leaves, file, (text) => `${text} inside finally discards the error.`)
        : null
    },
  },
]

/** True when every way through the statement ends in a throw. */
export function alwaysThrows(statement: ts.Statement): boolean {
  if (ts.isThrowStatement(statement)) return true
  if (ts.isBlock(statement)) {
    const last = statement.statements.at(-1)
    return last !== undefined && alwaysThrows(last) && !statementsOf(statement).some(isJump)
  }
  if (ts.isIfStatement(statement)) {
    return (
      statement.elseStatement !== undefined &&
      alwaysThrows(statement.thenStatement) &&
      alwaysThrows(statement.elseStatement)
    )
  }
  return false
}

/** A catch that lets one named status through, one that the brief declares, and throws everything else. */
function narrowed(block: ts.Block, { expectedStatuses }: LintedFile): boolean {
  const last = block.statements.at(-1)
  if (!last || !ts.isThrowStatement(last)) return false
  return statementsOf(block)
    .filter(isJump)
    .every((jump) => {
      const condition = enclosingCondition(jump, block)
      if (condition === null || !/\bstatus\b/.test(condition)) return false
      const statuses = [...condition.matchAll(/\b[1-5]\d\d\b/g)].map(([status]) => Number(status))
      const declared = (status: number) => expectedStatuses?.has(status) ?? true
      return statuses.length > 0 && statuses.every(declared)
    })
}

function enclosingCondition(node: ts.Node, end: ts.Node): string | null {
  for (let at = node.parent; at !== end; at = at.parent) {
    if (ts.isIfStatement(at)) return at.expression.getText()
  }
  return null
}

/** Nodes of a body without those of functions defined in it. */
function statementsOf(root: ts.Node): ts.Node[] {
  const found: ts.Node[] = []
  const walk = (node: ts.Node): void => {
    found.push(node)
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, walk)
  }
  ts.forEachChild(root, walk)
  return found
}

function isJump(node: ts.Node): boolean {
  return ts.isReturnStatement(node) || ts.isContinueStatement(node) || ts.isBreakStatement(node)
}

function awaits(block: ts.Block): boolean {
  for (const node of descendants(block)) {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true
  }
  return false
}

function rejectionHandler(node: ts.Node): ts.Expression | null {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null
  const { text } = node.expression.name
  if (text === 'catch' && node.arguments.length === 1) {
    // z.string().catch('') of zod takes a value, and hides a wrong answer just as well.
    return node.arguments[0] ?? null
  }
  return text === 'then' ? (node.arguments[1] ?? null) : null
}

function throwsAsHandler(handler: ts.Expression): boolean {
  if (!ts.isArrowFunction(handler) && !ts.isFunctionExpression(handler)) return false
  return ts.isBlock(handler.body) && alwaysThrows(handler.body)
}
