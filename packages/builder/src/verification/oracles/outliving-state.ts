import { scopesOf } from '@plumb/toolchain'
import ts from 'typescript'

type Module = {
  readonly nodes: readonly ts.Node[]
  readonly declarationOf: (node: ts.Identifier) => ts.Node | null
}

/** The first name that a run of a bundled function changes and that the next run in the same process still sees; null for none. */
export function outlivingName(code: string): string | null {
  const source = ts.createSourceFile('function.js', code, ts.ScriptTarget.Latest, true)
  const nodes = [...descendants(source)]
  const scopes = scopesOf(nodes)
  const module = { nodes, declarationOf: (node: ts.Identifier) => scopes.declarationOf(node) }
  for (const node of nodes) {
    const changed = changedBy(node)
    const name = changed && nameOfKept(changed, node, module)
    if (name) return name
  }
  return null
}

function* descendants(node: ts.Node): Generator<ts.Node> {
  yield node
  const children: ts.Node[] = []
  node.forEachChild((child) => void children.push(child))
  for (const child of children) yield* descendants(child)
}

const changingMethods =
  /^(set|add|push|unshift|delete|clear|pop|shift|splice|fill|sort|reverse|copyWithin|next)$/

/** What a node changes: `a` in `a += 1`, `a.b = 1`, `delete a.b`, `a.push(1)` and `Object.assign(a, {})`. */
function changedBy(node: ts.Node): ts.Expression | null {
  if (ts.isBinaryExpression(node)) return isAssignment(node) ? node.left : null
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const { operator, operand } = node
    const counts =
      operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken
    return counts ? operand : null
  }
  if (ts.isDeleteExpression(node)) return node.expression
  return ts.isCallExpression(node) ? changedByCall(node) : null
}

/** A value that is only worked out when it is first needed is the same in every run, unless it is waited for. */
function isAssignment({ operatorToken: { kind }, right }: ts.BinaryExpression): boolean {
  const isLazy =
    kind === ts.SyntaxKind.QuestionQuestionEqualsToken || kind === ts.SyntaxKind.BarBarEqualsToken
  if (isLazy) return [...descendants(right)].some(ts.isAwaitExpression)
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment
}

function changedByCall({ expression, arguments: given }: ts.CallExpression): ts.Expression | null {
  if (!ts.isPropertyAccessExpression(expression)) return null
  const { name, expression: owner } = expression
  if (changingMethods.test(name.text)) return owner
  const writes = /^(assign|defineProperty|defineProperties|set)$/.test(name.text)
  return writes && /^(Object|Reflect)$/.test(owner.getText()) ? (given[0] ?? null) : null
}

/** The name under which the change is still there in the next run; null when the change ends with the run. */
function nameOfKept(changed: ts.Expression, at: ts.Node, module: Module): string | null {
  const root = rootOf(changed)
  if (root.kind === ts.SyntaxKind.ThisKeyword) return keptInstance(at, module)
  if (!ts.isIdentifier(root)) return null
  const declaration = module.declarationOf(root)
  if (declaration === null) return /^(globalThis|global)$/.test(root.text) ? root.text : null
  const isRebound = root === changed && !ts.isCallExpression(at)
  const alias = isRebound ? null : aliasOf(declaration)
  if (alias !== null) return nameOfKept(alias, at, module)
  return outlives(declaration, at, module) ? root.text : null
}

function rootOf(expression: ts.Expression): ts.Expression {
  let at = expression
  while (
    ts.isPropertyAccessExpression(at) ||
    ts.isElementAccessExpression(at) ||
    ts.isParenthesizedExpression(at)
  )
    at = at.expression
  return at
}

/** `const own = state` and `const { list } = state` are other names for what is in `state`. */
function aliasOf(declaration: ts.Node): ts.Expression | null {
  let at = declaration
  while (ts.isBindingElement(at)) at = at.parent.parent
  if (!ts.isVariableDeclaration(at) || at.initializer === undefined) return null
  const { initializer } = at
  const isName =
    ts.isIdentifier(initializer) ||
    ts.isPropertyAccessExpression(initializer) ||
    ts.isElementAccessExpression(initializer)
  return isName ? initializer : null
}

/** Declared outside of what a run calls, and changed inside of it. */
function outlives(declaration: ts.Node, at: ts.Node, module: Module): boolean {
  const owner = functionAround(declaration)
  const below = functionBelow(at, owner)
  if (below === null) return false
  return owner === null ? isCalledLater(below) : runsOnce(owner, module)
}

function functionAround(node: ts.Node): ts.SignatureDeclaration | null {
  const own = ts.isParameter(node) ? node.parent : ts.findAncestor(node.parent, ts.isFunctionLike)
  return own ?? null
}

/** The outermost function around `at` that is inside of `owner`. */
function functionBelow(at: ts.Node, owner: ts.Node | null): ts.Node | null {
  let below: ts.Node | null = null
  for (let node: ts.Node | undefined = at.parent; node && node !== owner; node = node.parent) {
    if (ts.isFunctionLike(node)) below = node
  }
  return below
}

/** Not a callback that the module itself calls while it is read. */
function isCalledLater({ parent }: ts.Node): boolean {
  let at = parent
  while (ts.isParenthesizedExpression(at)) at = at.parent
  return !ts.isCallExpression(at)
}

/** Called while the module is read: what it declares lives as long as the module. */
function runsOnce(owner: ts.SignatureDeclaration, module: Module): boolean {
  return module.nodes.some((node) => {
    if (!ts.isCallExpression(node) || functionAround(node) !== null) return false
    return calledBy(node, module) === owner
  })
}

function calledBy({ expression }: ts.CallExpression, { declarationOf }: Module): ts.Node | null {
  let callee: ts.Expression = expression
  while (ts.isParenthesizedExpression(callee)) callee = callee.expression
  if (!ts.isIdentifier(callee)) return callee
  const declaration = declarationOf(callee)
  if (declaration === null || !ts.isVariableDeclaration(declaration)) return declaration
  return declaration.initializer ?? null
}

/** `this` of a class of which the module keeps one thing, of a static member, or of an object of the module. */
function keptInstance(at: ts.Node, module: Module): string | null {
  const member = ts.findAncestor(at.parent, (node) => ts.isFunctionLike(node) && !isArrow(node))
  if (member === undefined || ts.isConstructorDeclaration(member)) return null
  const around = member.parent
  const whole = ts.isPropertyAssignment(around) ? around.parent : around
  if (ts.isObjectLiteralExpression(whole)) return holderOf(whole)
  if (!ts.isClassLike(whole)) return null
  return isStatic(member) || isMadeOnce(whole, module) ? (whole.name?.text ?? 'a class') : null
}

/** The name of the module under which an object stands. */
function holderOf(whole: ts.ObjectLiteralExpression): string | null {
  const holder = ts.findAncestor(whole, ts.isVariableDeclaration)
  return holder && functionAround(holder) === null ? holder.name.getText() : null
}

function isArrow(node: ts.Node): boolean {
  return ts.isArrowFunction(node)
}

function isStatic(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)
  )
}

function isMadeOnce(own: ts.ClassLikeDeclaration, { nodes, declarationOf }: Module): boolean {
  return nodes.some((node) => {
    if (!ts.isNewExpression(node) || functionAround(node) !== null) return false
    if (!ts.isIdentifier(node.expression)) return node.expression === own
    const declaration = declarationOf(node.expression)
    return (
      declaration === own ||
      (declaration !== null &&
        ts.isVariableDeclaration(declaration) &&
        declaration.initializer === own)
    )
  })
}
