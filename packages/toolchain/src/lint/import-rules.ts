import ts from 'typescript'
import { allowedImports, importRemedy } from '../compile/allowed-imports.js'
import { hit } from './rule.js'
import type { LintRule } from './rule.js'

/** Rules on what a function may load. */
export const importRules: readonly LintRule[] = [
  {
    name: 'no-other-imports',
    behaviour: 'C5',
    severity: 'reject',
    remedy: importRemedy,
    visit: (node, file) => {
      const name = loadedModule(node)
      if (name === null || allowedImports.includes(name)) return null
      return hit(
        node,
        file,
        (text) => `${text} loads ${JSON.stringify(name)}, which is not allowed.`,
      )
    },
  },
  {
    name: 'no-run-time-import',
    behaviour: 'C5',
    severity: 'reject',
    remedy: importRemedy,
    visit: (node, file) => {
      const dynamic =
        ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
      return dynamic || ts.isMetaProperty(node)
        ? hit(node, file, (text) => `${text} loads code at run time.`)
        : null
    },
  },
]

function loadedModule(node: ts.Node): string | null {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    const specifier = node.moduleSpecifier
    return specifier && ts.isStringLiteral(specifier) ? specifier.text : null
  }
  if (ts.isImportEqualsDeclaration(node)) {
    return node.moduleReference.getText()
  }
  return null
}
