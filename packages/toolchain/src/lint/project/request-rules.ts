import ts from 'typescript'
import { memberName } from '../syntax.js'
import type { ContextCall, LintedModule } from './linted-module.js'
import { place, placeCall } from './project-rule.js'
import type { LintedFunction, Placed, ProjectRule } from './project-rule.js'

/** Rules on the requests of a function. */
export const requestRules: readonly ProjectRule[] = [
  {
    name: 'encode-path-values',
    behaviour: 'H7',
    severity: 'warn',
    summary:
      'A value of the input that goes into a path as it is may change which resource is meant.',
    remedy: 'Wrap the value in encodeURIComponent(...).',
    inModule: (module) =>
      module.of(ts.SyntaxKind.TemplateSpan).flatMap((node) => unencoded(node, module)),
  },
  {
    name: 'retry-with-idempotency-key',
    behaviour: 'H4',
    severity: 'warn',
    summary:
      'A write that is retried may happen twice, unless the provider can tell that it is the same.',
    remedy:
      'Send an idempotency key in the headers when the provider takes one, or leave retries out.',
    inModule: (module) => module.contextCalls().flatMap((call) => retriedWrite(call)),
  },
  {
    name: 'retry-on-needs-retries',
    behaviour: 'H4',
    severity: 'reject',
    summary: 'retryOn says which statuses are retried; without retries nothing is.',
    remedy: 'Add retries, or remove retryOn.',
    inModule: (module) =>
      module.contextCalls().flatMap((call) => {
        const config = configOf(call)
        return config && has(config, 'retryOn') && !has(config, 'retries') && !spreads(config)
          ? [placeCall(call, 'names statuses to retry, and no retries.')]
          : []
      }),
  },
  {
    name: 'loop-ends',
    behaviour: 'E8',
    severity: 'warn',
    summary: 'A loop over pages needs a way out that does not depend on the provider failing.',
    remedy: 'Leave the loop when there is no next page, or change what its condition asks for.',
    inFunction: endlessLoops,
  },
  {
    name: 'no-timer-polling',
    behaviour: 'D5',
    severity: 'warn',
    summary: 'A function that waits with timers holds its place and may be stopped while it waits.',
    remedy:
      'Use retries for a busy provider, and a checkpoint with the next execution for slow work.',
    inModule: (module) =>
      module.of(ts.SyntaxKind.CallExpression).flatMap((node) => {
        if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return []
        return /^set(Timeout|Interval)$/.test(node.expression.text) &&
          module.scopes.declarationOf(node.expression) === null
          ? [place(module, node, 'waits with a timer.')]
          : []
      }),
  },
]

function unencoded(node: ts.Node, module: LintedModule): Placed[] {
  if (!ts.isTemplateSpan(node) || !isEndpoint(node.parent)) return []
  const { expression } = node
  return ts.isPropertyAccessExpression(expression) && /\binput\b/.test(expression.getText())
    ? [place(module, expression, 'goes into the path as it is.')]
    : []
}

function isEndpoint(template: ts.Node): boolean {
  return ts.isPropertyAssignment(template.parent) && memberName(template.parent.name) === 'endpoint'
}

function configOf({ node, method }: ContextCall): ts.ObjectLiteralExpression | null {
  const [first] = node.arguments
  const request = /^(get|post|put|patch|delete|proxy|paginate)$/.test(method)
  return request && first && ts.isObjectLiteralExpression(first) ? first : null
}

function member(config: ts.ObjectLiteralExpression, name: string): ts.Expression | null {
  for (const one of config.properties) {
    if (memberName(one.name) === name && ts.isPropertyAssignment(one)) return one.initializer
  }
  return null
}

function has(config: ts.ObjectLiteralExpression, name: string): boolean {
  return config.properties.some((one) => memberName(one.name) === name)
}

function spreads(config: ts.ObjectLiteralExpression): boolean {
  return config.properties.some(ts.isSpreadAssignment)
}

const reading = /search|query|graphql|filter|lookup|list|batch.?(get|read)|report|token|count|:run/i

function retriedWrite(call: ContextCall): Placed[] {
  const config = /^(post|patch)$/.test(call.method) ? configOf(call) : null
  const retries = config && member(config, 'retries')
  if (!config || !retries || !ts.isNumericLiteral(retries) || retries.text === '0') return []
  return spreads(config) || isHarmless(config)
    ? []
    : [place(call.module, retries, `retries ${call.method} without an idempotency key.`)]
}

/** The request names itself, or its endpoint only reads. */
function isHarmless(config: ts.ObjectLiteralExpression): boolean {
  const endpoint = member(config, 'endpoint')?.getText() ?? ''
  return /idempoten|request-?id/i.test(config.getText()) || reading.test(endpoint)
}

/** Loops with a context call in them that nothing in their body can end. */
function endlessLoops({ calls }: LintedFunction): Placed[] {
  const found = new Map<ts.Node, Placed>()
  for (const { node, module } of calls) {
    const loop = loopAround(node)
    if (loop && isEndless(loop, module)) {
      found.set(loop, place(module, loop, 'has nothing in it that ends it.'))
    }
  }
  return [...found.values()]
}

function loopAround(node: ts.Node): ts.IterationStatement | null {
  for (let at = node; at.parent && !ts.isFunctionLike(at); at = at.parent) {
    if (ts.isWhileStatement(at) || ts.isDoStatement(at) || ts.isForStatement(at)) return at
  }
  return null
}

function isEndless(loop: ts.IterationStatement, module: LintedModule): boolean {
  const condition = conditionOf(loop)
  if (condition === undefined || condition.kind === ts.SyntaxKind.TrueKeyword) return !isLeft(loop)
  // A condition that is one plain variable needs something that changes the variable.
  if (!ts.isIdentifier(condition) || isLeft(loop)) return false
  const declaration = module.scopes.declarationOf(condition)
  return declaration !== null && !changes(condition.text, loop)
}

function conditionOf(loop: ts.IterationStatement): ts.Expression | undefined {
  if (ts.isForStatement(loop)) return loop.condition
  return ts.isWhileStatement(loop) || ts.isDoStatement(loop) ? loop.expression : undefined
}

function isLeft(loop: ts.IterationStatement): boolean {
  return some(loop.statement, (node) => {
    if (ts.isReturnStatement(node) || ts.isThrowStatement(node)) return true
    return ts.isBreakStatement(node) && (node.label !== undefined || leavesLoop(node, loop))
  })
}

/** A break ends the innermost loop or switch around it. */
function leavesLoop(node: ts.Node, loop: ts.Node): boolean {
  for (let at = node.parent; at !== loop; at = at.parent) {
    if (ts.isIterationStatement(at, false) || ts.isSwitchStatement(at)) return false
  }
  return true
}

function changes(name: string, loop: ts.Node): boolean {
  return some(loop, (node) => {
    if (ts.isBinaryExpression(node)) {
      return (
        /=$/.test(node.operatorToken.getText()) &&
        !/^[=!<>]=+$/.test(node.operatorToken.getText()) &&
        mentions(node.left, name)
      )
    }
    const steps = ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)
    if (steps) return mentions(node.operand, name)
    // A callback or helper of the same file may assign it.
    return ts.isCallExpression(node) && ts.isIdentifier(node.expression)
  })
}

function mentions(root: ts.Node, name: string): boolean {
  return some(root, (node) => ts.isIdentifier(node) && node.text === name)
}

function some(root: ts.Node, test: (node: ts.Node) => boolean): boolean {
  return test(root) || (ts.forEachChild(root, (child) => some(child, test) || undefined) ?? false)
}
