import ts from 'typescript'

/** Which declaration of one file gives a name its meaning, by reading the file alone. */
export type Scopes = {
  /** The declaration that `node` refers to; null for a global, or what only a type declares. */
  declarationOf(node: ts.Identifier): ts.Node | null
}

type Names = Map<string, ts.Node>

/** Reads which names each block, function and file declares. The file must have been parsed with parents. */
export function scopesOf(source: ts.SourceFile): Scopes {
  const scopes = new Map<ts.Node, Names>()
  const declare = (scope: ts.Node, name: string, node: ts.Node): void => {
    const names = scopes.get(scope) ?? new Map<string, ts.Node>()
    if (!names.has(name)) names.set(name, node)
    scopes.set(scope, names)
  }
  const visit = (node: ts.Node): void => {
    for (const { name, scope } of declaredBy(node)) declare(scope, name, node)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { declarationOf: (node) => lookUp(node, scopes) }
}

function lookUp(node: ts.Identifier, scopes: ReadonlyMap<ts.Node, Names>): ts.Node | null {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    const found = scopes.get(at)?.get(node.text)
    if (found) return found
  }
  return null
}

type Declared = { readonly name: string; readonly scope: ts.Node }

function declaredBy(node: ts.Node): readonly Declared[] {
  const scope = scopeOf(node)
  const name = scope && (node as ts.NamedDeclaration).name
  return scope && name && ts.isIdentifier(name) ? [{ name: name.text, scope }] : []
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
