import ts from 'typescript'
import { frequencyMs } from '@plumb/sdk'
import { constantText, memberName, memberValue } from '../syntax.js'
import { bare } from './context-values.js'
import type { LintedModule } from './linted-module.js'
import { place } from './project-rule.js'
import type { LintedFunction, Placed, ProjectRule } from './project-rule.js'

/** Rules on the shape of a function's file. */
export const definitionRules: readonly ProjectRule[] = [
  {
    name: 'default-export',
    behaviour: 'T1',
    severity: 'reject',
    summary:
      'A function is the default export of its file, made by createAction, createSync or createOnEvent.',
    remedy: 'Write export default createAction({ ... }), or export the constant that holds it.',
    inFunction: (linted) => defaultExport(linted),
  },
  {
    name: 'one-definition',
    behaviour: 'T1',
    severity: 'reject',
    summary: 'A file defines one function; a second definition would never be found.',
    remedy: 'Move the second function into a file of its own.',
    inFunction: ({ creations, entry }) =>
      creations
        .slice(1)
        .map((creation) =>
          place(entry, creation.expression, 'defines a second function in this file.'),
        ),
  },
  {
    name: 'no-named-exports',
    behaviour: 'T1',
    severity: 'reject',
    summary: 'Beside its default export the file of a function exports types only.',
    remedy:
      'Move what is exported into a file of its own and import it, or remove the word export.',
    inFunction: ({ entry, creations }) =>
      creations.length === 0
        ? []
        : namedExports(entry).map((node) => ({
            ...place(entry, node, 'is exported beside the function.'),
            severity: ts.isEnumDeclaration(node) || isWholesale(node) ? 'warn' : 'reject',
          })),
  },
  {
    name: 'exec-present',
    behaviour: 'T1',
    severity: 'reject',
    summary: 'The definition has an exec, which is the code that runs.',
    remedy: 'Add exec: async (ctx) => { ... } to the definition.',
    inFunction: ({ definition, entry, creations: [creation] }) =>
      creation && definition && lacksExec(definition)
        ? [place(entry, creation.expression, 'defines a function without exec.')]
        : [],
  },
  {
    name: 'frequency-valid',
    behaviour: 'T1',
    severity: 'reject',
    summary: 'The frequency of a sync is a period of at least 30 seconds.',
    remedy: "Write 'every hour', 'every half hour', 'every 5m' or 'every 6 hours'.",
    inFunction: ({ definition, entry }) => {
      const value = definition && memberValue(definition, 'frequency', entry.source)
      const text = value && constantText(bare(value))
      return value && typeof text === 'string' && frequencyMs(text) === null
        ? [place(entry, value, 'is no frequency of at least 30 seconds.')]
        : []
    },
  },
]

/** `export * from './models.js'`, whose names may all be types. */
function isWholesale(node: ts.Node): boolean {
  return ts.isExportDeclaration(node) || ts.isExportSpecifier(node)
    ? (ts.isExportDeclaration(node) ? node : node.parent.parent).moduleSpecifier !== undefined
    : false
}

function lacksExec({ properties }: ts.ObjectLiteralExpression): boolean {
  return !properties.some(
    (member) => ts.isSpreadAssignment(member) || memberName(member.name) === 'exec',
  )
}

function defaultExport({ entry, creations }: LintedFunction): Placed[] {
  const exported = exportedByDefault(entry)
  if (exported === null) {
    const [first] = entry.source.statements
    return first
      ? [place(entry, creations[0] ?? first, 'is in a file without a default export.')]
      : []
  }
  const made = valueHere(bare(exported), entry)
  return made === null ||
    creations.some((creation) => creation === made) ||
    isUnseen(made, creations)
    ? []
    : [place(entry, exported, 'is not the result of createAction, createSync or createOnEvent.')]
}

/** The value of a local constant; null for what comes from another file and is judged when the bundle runs. */
function valueHere(value: ts.Expression, entry: LintedModule): ts.Expression | null {
  const local = ts.isIdentifier(value) ? entry.scopes.declarationOf(value) : null
  if (local === null) return value
  if (!ts.isVariableDeclaration(local)) return ts.isFunctionLike(local) ? value : null
  return local.initializer ? bare(local.initializer) : value
}

/** A call of another function may create the function for the file. */
function isUnseen(made: ts.Node, creations: readonly ts.Node[]): boolean {
  return creations.length === 0 && (ts.isCallExpression(made) || ts.isIdentifier(made))
}

function exportedByDefault({ source }: LintedModule): ts.Expression | null {
  for (const statement of source.statements) {
    if (ts.isExportAssignment(statement) && !statement.isExportEquals) return statement.expression
    const named = ts.isExportDeclaration(statement) ? listedDefault(statement) : null
    if (named) return named
  }
  return null
}

/** `sync` of `export { sync as default }`. */
function listedDefault({ exportClause }: ts.ExportDeclaration): ts.Identifier | null {
  if (!exportClause || !ts.isNamedExports(exportClause)) return null
  const named = exportClause.elements.find(({ name }) => name.text === 'default')
  const local = named && (named.propertyName ?? named.name)
  return local && ts.isIdentifier(local) ? local : null
}

function namedExports({ source, scopes }: LintedModule): ts.Node[] {
  return source.statements.flatMap((statement): ts.Node[] => {
    if (ts.isExportDeclaration(statement)) return listed(statement, scopes)
    const value =
      ts.isVariableStatement(statement) ||
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement)
    const kinds = value ? (statement.modifiers ?? []).map(({ kind }) => kind) : []
    const named =
      kinds.includes(ts.SyntaxKind.ExportKeyword) && !kinds.includes(ts.SyntaxKind.DefaultKeyword)
    return named ? [statement] : []
  })
}

function listed(statement: ts.ExportDeclaration, scopes: LintedModule['scopes']): ts.Node[] {
  if (statement.isTypeOnly) return []
  if (!statement.exportClause || !ts.isNamedExports(statement.exportClause)) return [statement]
  return statement.exportClause.elements.filter((element) => {
    const local = element.propertyName ?? element.name
    const isValue =
      statement.moduleSpecifier || (ts.isIdentifier(local) && scopes.declarationOf(local))
    return !element.isTypeOnly && element.name.text !== 'default' && isValue
  })
}
