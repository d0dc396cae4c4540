import { scopesOf } from '@plumb/toolchain'
import ts from 'typescript'

/** A member that is set of a record which `method` has been given already. */
export type LateField = { readonly method: string; readonly field: string }

type Module = { readonly nodes: readonly ts.Node[]; readonly scopes: ReturnType<typeof scopesOf> }

/** Members of records that are set behind the call that saves them, and that no later call can save. */
export function lateFields(code: string): LateField[] {
  const source = ts.createSourceFile('function.js', code, ts.ScriptTarget.Latest, true)
  const nodes = [...descendants(source)]
  const module = { nodes, scopes: scopesOf(nodes) }
  return nodes.filter(ts.isCallExpression).flatMap((call) => {
    const method = savingMethod(call)
    const records = method === null ? null : recordsOf(call, module)
    if (method === null || records === null) return []
    return setMembers(records, call, module).map((field) => ({ method, field }))
  })
}

function* descendants(node: ts.Node): Generator<ts.Node> {
  yield node
  const children: ts.Node[] = []
  node.forEachChild((child) => void children.push(child))
  for (const child of children) yield* descendants(child)
}

function savingMethod({ expression }: ts.CallExpression): string | null {
  if (!ts.isPropertyAccessExpression(expression)) return null
  return /^batch(Save|Update)$/.test(expression.name.text) ? expression.name.text : null
}

/** The declarations of the names by which single records are known behind the call; null where they may go somewhere else. */
function recordsOf(call: ts.CallExpression, module: Module): ReadonlySet<ts.Node> | null {
  const [given] = call.arguments
  if (given === undefined) return null
  if (ts.isArrayLiteralExpression(given)) {
    const own = given.elements
      .filter(ts.isIdentifier)
      .map((one) => module.scopes.declarationOf(one))
    const records = own.filter((one) => one !== null)
    return records.every((one) => isBeside(one, call)) ? new Set(records) : null
  }
  const list = ts.isIdentifier(given) ? module.scopes.declarationOf(given) : null
  if (list === null || !isBeside(list, call)) return null
  const uses = usesBehind(list, call, module)
  const names = uses.map(nameInWalk)
  return names.includes(null) ? null : new Set(names.filter((one) => one !== null))
}

/** Of the same turn of the same function: what is declared outside of a loop may be saved by its next turn. */
function isBeside(declaration: ts.Node, call: ts.Node): boolean {
  if (!ts.isVariableDeclaration(declaration)) return false
  return turnOf(declaration.parent) === turnOf(call)
}

function turnOf(node: ts.Node): ts.Node | undefined {
  return ts.findAncestor(
    node.parent,
    (one) => ts.isFunctionLike(one) || ts.isIterationStatement(one, false),
  )
}

function usesBehind(declaration: ts.Node, call: ts.Node, { nodes, scopes }: Module) {
  return nodes
    .filter(ts.isIdentifier)
    .filter((node) => node.pos >= call.end && !isMemberName(node))
    .filter((node) => scopes.declarationOf(node) === declaration)
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node
  return ts.isPropertyAssignment(parent) && parent.name === node
}

/** The name of one record in `for (const row of rows)` and `rows.forEach((row) => ...)`; null for any other use. */
function nameInWalk(use: ts.Identifier): ts.Node | null {
  const { parent } = use
  if (ts.isForOfStatement(parent)) return nameIn(parent)
  if (!ts.isPropertyAccessExpression(parent)) return null
  if (parent.name.text === 'length') return isWritten(parent) ? null : parent
  return ts.isCallExpression(parent.parent) ? nameInCall(parent.parent, parent.name.text) : null
}

function nameInCall(walk: ts.CallExpression, method: string): ts.Node | null {
  if (/^(entries|values)$/.test(method))
    return ts.isForOfStatement(walk.parent) ? nameIn(walk.parent) : null
  const [callback] = walk.arguments
  if (method !== 'forEach' || !callback || !ts.isFunctionLike(callback)) return null
  return callback.parameters[0] ?? null
}

/** Of `const [at, row]` the last one. */
function nameIn({ initializer }: ts.ForOfStatement): ts.Node | null {
  if (!ts.isVariableDeclarationList(initializer)) return null
  const [declaration] = initializer.declarations
  if (declaration === undefined || ts.isIdentifier(declaration.name)) return declaration ?? null
  return declaration.name.elements.filter(ts.isBindingElement).at(-1) ?? null
}

function isWritten({ parent }: ts.Node): boolean {
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
}

/** None where a record is handed to anybody else. */
function setMembers(
  records: ReadonlySet<ts.Node>,
  call: ts.CallExpression,
  module: Module,
): string[] {
  const uses = [...records].flatMap((record) => usesBehind(record, call, module))
  const own = uses.filter((use) => !records.has(use.parent))
  if (!own.every((use) => ts.isPropertyAccessExpression(use.parent))) return []
  return own.flatMap(({ parent }) => {
    const isSet =
      ts.isPropertyAccessExpression(parent) &&
      ts.isBinaryExpression(parent.parent) &&
      parent.parent.left === parent &&
      parent.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
    return isSet ? [parent.name.text] : []
  })
}
