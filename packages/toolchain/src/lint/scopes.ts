import ts from 'typescript'

/** Which declaration of one file gives a name its meaning, by reading the file alone. */
export type Scopes = {
  /** The declaration that `node` refers to; null for a global, or what only a type declares. */
  declarationOf(node: ts.Identifier): ts.Node | null
}

type Declared = { readonly scope: ts.Node; readonly node: ts.Node }

/** Reads which names each block, function and file declares; `nodes` need their parents. */
export function scopesOf(nodes: Iterable<ts.Node>): Scopes {
  const byName = new Map<string, Declared[]>()
  for (const node of nodes) {
    const scope = scopeOf(node)
    const { name } = node as ts.NamedDeclaration
    if (scope === null || !name || !ts.isIdentifier(name)) continue
    const same = byName.get(name.text)
    if (same) same.push({ scope, node })
    else byName.set(name.text, [{ scope, node }])
  }
  return { declarationOf: (node) => innermost(node, byName.get(node.text) ?? []) }
}

/** The first declaration in the smallest scope around `node`. */
function innermost(node: ts.Node, declared: readonly Declared[]): ts.Node | null {
  let found: Declared | null = null
  for (const one of declared) {
    const { pos, end } = one.scope
    if (pos > node.pos || end < node.end) continue
    if (found === null || end - pos < found.scope.end - found.scope.pos) found = one
  }
  return found?.node ?? null
}

/** Where the name that a node declares is known; null when it declares none. */
function scopeOf(node: ts.Node): ts.Node | null {
  if (ts.isVariableDeclaration(node) || ts.isBindingElement(node)) return scopeOfBinding(node)
  if (ts.isParameter(node)) return node.parent
  if (isImported(node)) return node.getSourceFile()
  return isNamedDefinition(node) ? scopeOfDefinition(node) : null
}

function isImported(node: ts.Node): boolean {
  return (
    ts.isImportSpecifier(node) ||
    ts.isImportClause(node) ||
    ts.isNamespaceImport(node) ||
    ts.isImportEqualsDeclaration(node)
  )
}

type Definition =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ClassLikeDeclaration
  | ts.EnumDeclaration
  | ts.ModuleDeclaration

function isNamedDefinition(node: ts.Node): node is Definition {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isClassLike(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node)
  )
}

/** The name of a function or class expression is known inside it only. */
function scopeOfDefinition(node: Definition): ts.Node {
  const inner = ts.isFunctionExpression(node) || ts.isClassExpression(node)
  return inner ? node : blockAround(node.parent)
}

/** Where a name bound by a variable, a parameter's pattern or a catch clause is known. */
function scopeOfBinding(node: ts.VariableDeclaration | ts.BindingElement): ts.Node {
  let at: ts.Node = node
  while (ts.isBindingElement(at)) at = at.parent.parent
  if (ts.isParameter(at) || ts.isCatchClause(at.parent)) return at.parent
  const blockScoped = (at.parent.flags & ts.NodeFlags.BlockScoped) !== 0
  return blockScoped ? blockAround(at.parent.parent) : functionAround(at)
}

function blockAround(from: ts.Node): ts.Node {
  let at = from
  while (!opensBlock(at)) at = at.parent
  return at
}

function opensBlock(node: ts.Node): boolean {
  return (
    ts.isBlock(node) ||
    ts.isSourceFile(node) ||
    ts.isModuleBlock(node) ||
    ts.isCaseBlock(node) ||
    ts.isFunctionLike(node) ||
    ts.isIterationStatement(node, false)
  )
}

function functionAround(from: ts.Node): ts.Node {
  let at = from
  while (!ts.isFunctionLike(at) && !ts.isSourceFile(at) && !ts.isModuleBlock(at)) at = at.parent
  return at
}
