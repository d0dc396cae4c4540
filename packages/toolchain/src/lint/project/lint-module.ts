import ts from 'typescript'
import { scopesOf } from '../scopes.js'
import { findContexts, isContext } from './context-values.js'
import type { ContextCall, LintedModule } from './linted-module.js'

/** Parses a file for the rules. A file that does not parse is read as far as it goes. */
export function lintModule(path: string, text: string): LintedModule {
  const options = {
    languageVersion: ts.ScriptTarget.ES2023,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  }
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const source = ts.createSourceFile(path, text, options, false, kind)
  const index = indexNodes(source)
  const of = (wanted: ts.SyntaxKind): readonly ts.Node[] => index.get(wanted) ?? []
  const scopes = scopesOf(declaring.flatMap(of))
  const calls: { known: number; found: readonly ContextCall[] } = { known: -1, found: [] }
  const module: LintedModule = {
    path,
    source,
    scopes,
    of,
    contexts: new Set(),
    contextCalls: () => {
      if (calls.known === module.contexts.size) return calls.found
      calls.known = module.contexts.size
      return (calls.found = findContextCalls(module))
    },
  }
  findContexts(module)
  return module
}

/** Kinds of nodes that give a name its meaning. */
const declaring: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.VariableDeclaration,
  ts.SyntaxKind.BindingElement,
  ts.SyntaxKind.Parameter,
  ts.SyntaxKind.ImportSpecifier,
  ts.SyntaxKind.ImportClause,
  ts.SyntaxKind.NamespaceImport,
  ts.SyntaxKind.ImportEqualsDeclaration,
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.FunctionExpression,
  ts.SyntaxKind.ClassDeclaration,
  ts.SyntaxKind.ClassExpression,
  ts.SyntaxKind.EnumDeclaration,
  ts.SyntaxKind.ModuleDeclaration,
]

/** Sets parents and lists nodes by kind in one walk; what is inside types is left out, for no rule asks about it. */
function indexNodes(source: ts.SourceFile): ReadonlyMap<ts.SyntaxKind, ts.Node[]> {
  const index = new Map<ts.SyntaxKind, ts.Node[]>()
  let parent: ts.Node = source
  const visit = (node: ts.Node): void => {
    ;(node as { parent: ts.Node }).parent = parent
    if (isTypeOnly(node)) return
    const same = index.get(node.kind)
    if (same) same.push(node)
    else index.set(node.kind, [node])
    const before = parent
    parent = node
    ts.forEachChild(node, visit)
    parent = before
  }
  ts.forEachChild(source, visit)
  return index
}

function isTypeOnly(node: ts.Node): boolean {
  const { kind } = node
  if (kind >= ts.SyntaxKind.FirstTypeNode && kind <= ts.SyntaxKind.LastTypeNode) return true
  if (kind === ts.SyntaxKind.InterfaceDeclaration) return true
  if (kind === ts.SyntaxKind.TypeAliasDeclaration) return true
  return ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword
}

function findContextCalls(module: LintedModule): ContextCall[] {
  const found: ContextCall[] = []
  for (const node of module.of(ts.SyntaxKind.CallExpression)) {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) continue
    const { expression, name } = node.expression
    if (isContext(expression, module)) found.push({ node, method: name.text, module })
  }
  return found
}
