import ts from 'typescript'
import { bare, functionOf } from './context-values.js'
import type { LintedModule } from './linted-module.js'
import { place, placeCall } from './project-rule.js'
import type { Placed, ProjectRule } from './project-rule.js'

const asynchronous =
  /^(get|post|put|patch|delete|proxy|log|batch(Save|Update|Delete|Send)|trackDeletes(Start|End)|(get|save|clear)Checkpoint|(get|set|update)Metadata|getConnection|getIntegration|getToken|getEnvironmentVariables|getWebhookURL|uncontrolledFetch|zodValidateInput|listRecords|getRecordsByIds|deleteRecordsFromPreviousExecutions|setMergingStrategy|trigger(Action|Sync)|startSync|tryAcquireLock|releaseLock)$/

const unawaited = 'is not awaited.'

const awaitRemedy = 'Write await before the call, so that its failure fails the function.'

/** Rules on waiting for what the context does. */
export const awaitRules: readonly ProjectRule[] = [
  {
    name: 'no-floating-call',
    behaviour: 'D5',
    severity: 'reject',
    summary: 'A call on the context that nobody waits for may fail unseen or not happen at all.',
    remedy: awaitRemedy,
    inModule: (module) =>
      module.contextCalls().flatMap((call) => {
        if (!asynchronous.test(call.method)) return []
        const why = floating(call.node, module)
        if (why === null) return []
        // A chain with then or catch may be meant to go on by itself.
        const chained = ts.isPropertyAccessExpression(call.node.parent) && why === unawaited
        return [{ ...placeCall(call, why), severity: chained ? 'warn' : 'reject' }]
      }),
  },
  {
    name: 'no-floating-helper',
    behaviour: 'D5',
    severity: 'warn',
    summary: 'An async function that works with the context must be waited for like the context.',
    remedy: awaitRemedy,
    inModule: (module) =>
      module.of(ts.SyntaxKind.CallExpression).flatMap((node) => floatingHelper(node, module)),
  },
  {
    name: 'no-ignored-async-callback',
    behaviour: 'D5',
    severity: 'warn',
    summary:
      'forEach does not wait for async callbacks, nor does a map whose promises are dropped.',
    remedy: 'Use for (const item of items), or await Promise.all(items.map(async ...)).',
    inModule: (module) =>
      module.of(ts.SyntaxKind.CallExpression).flatMap((node) => ignoredCallback(node, module)),
  },
  {
    name: 'paginate-is-iterated',
    behaviour: 'E8',
    severity: 'reject',
    summary: 'paginate only asks for pages while somebody iterates over it.',
    remedy: 'Write for await (const page of ctx.paginate(...)) { ... }.',
    inModule: (module) =>
      module
        .contextCalls()
        .filter(({ method, node }) => method === 'paginate' && isDropped(node))
        .map((call) => placeCall(call, 'is never iterated, so no page is asked for.')),
  },
  {
    name: 'no-return-without-await-in-try',
    behaviour: 'D5',
    severity: 'warn',
    summary:
      'A promise that is returned from a try block fails outside it, so the catch never runs.',
    remedy: 'Write return await.',
    inModule: (module) =>
      module
        .contextCalls()
        .filter(({ method, node }) => asynchronous.test(method) && leavesTry(node))
        .map((call) => placeCall(call, 'is returned without await, so the catch does not see it.')),
  },
]

/** Why nobody waits for the promise of `node`; null when somebody does, or may. */
function floating(node: ts.Node, module: LintedModule): string | null {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return ofMember(parent, module)
  if (ts.isVariableDeclaration(parent)) return ofVariable(parent, module)
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return unawaited
  return passesOn(parent, node) ? floating(parent, module) : null
}

/** Expressions whose value is that of `node`, or waits for it. */
function passesOn(parent: ts.Node, node: ts.Node): boolean {
  if (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent)) return true
  if (ts.isBinaryExpression(parent)) {
    return parent.right === node && /^(&&|\|\||\?\?|,)$/.test(parent.operatorToken.getText())
  }
  if (ts.isConditionalExpression(parent)) return parent.condition !== node
  if (ts.isArrayLiteralExpression(parent)) return isOfPromise(parent.parent)
  return isOfPromise(parent)
}

function isOfPromise(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node) &&
    /^Promise\s*\.\s*(all|allSettled|race|any)$/.test(node.expression.getText())
  )
}

function ofMember(access: ts.PropertyAccessExpression, module: LintedModule): string | null {
  const name = access.name.text
  const call = access.parent
  if (!/^(then|catch|finally)$/.test(name)) {
    return /^(data|status|headers)$/.test(name) ? `is read (.${name}) without being awaited.` : null
  }
  return ts.isCallExpression(call) ? floating(call, module) : null
}

function ofVariable(variable: ts.VariableDeclaration, module: LintedModule): string | null {
  if (!ts.isIdentifier(variable.name)) return 'is taken apart without being awaited.'
  const { name } = variable
  const used = module
    .of(ts.SyntaxKind.Identifier)
    .some((node) => node !== name && ts.isIdentifier(node) && node.text === name.text)
  return used ? null : 'is kept in a variable that is never awaited.'
}

function isDropped(node: ts.Node): boolean {
  const at = ts.isAwaitExpression(node.parent) ? node.parent : node
  return ts.isExpressionStatement(at.parent) || ts.isVoidExpression(at.parent)
}

function floatingHelper(node: ts.Node, module: LintedModule): Placed[] {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return []
  const target = functionOf(module.scopes.declarationOf(node.expression))
  if (target === null || !isAsync(target) || !worksWithContext(target, module)) return []
  const why = floating(node, module)
  return why === null ? [] : [place(module, node, why)]
}

function isAsync(node: ts.Node): boolean {
  const { modifiers } = node as ts.FunctionDeclaration
  const marked = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false
  return marked && !(node as ts.FunctionDeclaration).asteriskToken
}

function worksWithContext(target: ts.Node, module: LintedModule): boolean {
  return module
    .contextCalls()
    .some(({ node, method }) => asynchronous.test(method) && isWithin(node, target))
}

function isWithin(node: ts.Node, root: ts.Node): boolean {
  return node.pos >= root.pos && node.end <= root.end
}

function ignoredCallback(node: ts.Node, module: LintedModule): Placed[] {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return []
  const method = node.expression.name.text
  const ignores = method === 'forEach' || (/^(map|flatMap)$/.test(method) && isDropped(node))
  const [callback] = node.arguments
  if (!ignores || !callback) return []
  const inner = bare(callback)
  return (isAsync(inner) || returnsCall(inner)) && worksWithContext(inner, module)
    ? [place(module, node.expression, 'does not wait for its async callback.')]
    : []
}

/** `() => ctx.post(...)` */
function returnsCall(node: ts.Node): boolean {
  return ts.isArrowFunction(node) && ts.isCallExpression(node.body)
}

/** `return ctx.get()` directly in a try block that has a catch. */
function leavesTry(node: ts.Node): boolean {
  if (!ts.isReturnStatement(node.parent)) return false
  for (let at: ts.Node = node; at.parent && !ts.isFunctionLike(at); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at) {
      return at.parent.catchClause !== undefined
    }
  }
  return false
}
