import ts from 'typescript'
import { importRemedy } from '../../compile/allowed-imports.js'
import { isReference } from '../syntax.js'
import type { LintedModule } from './linted-module.js'
import { place } from './project-rule.js'
import type { ProjectRule } from './project-rule.js'

const projectRemedy = `${importRemedy} Name a further package in allowedPackages of plumb.config.ts.`

/** Rules on what a function may load. Types may come from anywhere: nothing of them is left when the function runs. */
export const loadRules: readonly ProjectRule[] = [
  {
    name: 'no-other-imports',
    behaviour: 'C5',
    severity: 'reject',
    summary:
      'A function loads the SDK, zod, its own files and the packages that the project allows.',
    remedy: projectRemedy,
    inModule: (module, allowed) =>
      module.source.statements.flatMap((statement) => {
        const name = loadedPackage(statement, module)
        return name === null || isAllowed(name, allowed)
          ? []
          : [place(module, statement, `loads ${JSON.stringify(name)}, which is not allowed.`)]
      }),
  },
  {
    name: 'no-run-time-import',
    behaviour: 'C5',
    severity: 'reject',
    summary: 'A bundle holds everything a function needs; nothing can be loaded while it runs.',
    remedy: 'Write a static import at the top of the file.',
    inModule: (module, allowed) =>
      module.of(ts.SyntaxKind.CallExpression).flatMap((node) => {
        if (!ts.isCallExpression(node) || !loadsCode(node, module)) return []
        const name = packageOf(node.arguments[0])
        const known = name !== null && isAllowed(name, allowed)
        const found = place(module, node, 'loads code at run time.')
        return [{ ...found, severity: known ? 'warn' : 'reject' }]
      }),
  },
]

function loadsCode({ expression }: ts.CallExpression, module: LintedModule): boolean {
  return expression.kind === ts.SyntaxKind.ImportKeyword || isRequire(expression, module)
}

function isRequire(callee: ts.Expression, module: LintedModule): boolean {
  return (
    ts.isIdentifier(callee) &&
    callee.text === 'require' &&
    module.scopes.declarationOf(callee) === null
  )
}

function isAllowed(name: string, allowed: ReadonlySet<string>): boolean {
  const [first = '', second = ''] = name.split('/')
  const whole = name.startsWith('@') ? `${first}/${second}` : first
  return allowed.has(name) || allowed.has(whole)
}

/** The package whose code a statement loads; null for files of the project, and for types. */
function loadedPackage(statement: ts.Statement, module: LintedModule): string | null {
  if (ts.isImportEqualsDeclaration(statement)) {
    const { moduleReference } = statement
    const outside = ts.isExternalModuleReference(moduleReference) && !statement.isTypeOnly
    return outside ? packageOf(moduleReference.expression) : null
  }
  if (ts.isExportDeclaration(statement)) {
    return statement.isTypeOnly ? null : packageOf(statement.moduleSpecifier)
  }
  if (!ts.isImportDeclaration(statement) || onlyTypes(statement, module)) return null
  return packageOf(statement.moduleSpecifier)
}

function packageOf(specifier: ts.Expression | undefined): string | null {
  if (!specifier || !ts.isStringLiteral(specifier)) return null
  return /^\.\.?(\/|$)/.test(specifier.text) ? null : specifier.text
}

/** True when no name of the import is used as a value, so that the bundler drops it. */
function onlyTypes({ importClause }: ts.ImportDeclaration, module: LintedModule): boolean {
  if (!importClause) return false
  if (importClause.isTypeOnly) return true
  return importedNames(importClause).every((name) => !isUsedAsValue(name, module))
}

function importedNames(clause: ts.ImportClause): string[] {
  const { name, namedBindings } = clause
  const first = name ? [name.text] : []
  if (!namedBindings) return first
  if (ts.isNamespaceImport(namedBindings)) return [...first, namedBindings.name.text]
  const values = namedBindings.elements.filter(({ isTypeOnly }) => !isTypeOnly)
  return [...first, ...values.map((element) => element.name.text)]
}

function isUsedAsValue(name: string, module: LintedModule): boolean {
  return module
    .of(ts.SyntaxKind.Identifier)
    .some((node) => ts.isIdentifier(node) && node.text === name && isReference(node))
}
