import { dirname, join } from 'node:path'
import ts from 'typescript'
import type { LintedModule } from './linted-module.js'

/** Finds the files behind the relative imports of a module. */
export type ImportedFiles = {
  /** The file behind `specifier` as written in `from`; null when it is no relative import or there is no such file. */
  resolve(specifier: string, from: LintedModule): LintedModule | null
}

export type ReadFile = (path: string) => string | null | undefined

/** Resolves `./x.js` to `x.ts`, `x.tsx`, `x/index.ts` and the like, through `open`. */
export function followImports(
  readFile: ReadFile,
  open: (path: string, text: string) => LintedModule,
): ImportedFiles {
  const found = new Map<string, LintedModule | null>()
  const find = (path: string): LintedModule | null => {
    for (const candidate of candidates(path)) {
      const text = readFile(candidate)
      if (typeof text === 'string') return open(candidate, text)
    }
    return null
  }
  return {
    resolve(specifier, from) {
      if (!/^\.\.?(\/|$)/.test(specifier)) return null
      const path = join(dirname(from.path), specifier)
      const known = found.get(path)
      if (known !== undefined) return known
      const module = find(path)
      found.set(path, module)
      return module
    },
  }
}

function candidates(path: string): string[] {
  const stem = path.replace(/\.[cm]?jsx?$/, '')
  const written = /\.tsx?$/.test(path) ? [path] : []
  return [...written, `${stem}.ts`, `${stem}.tsx`, `${stem}/index.ts`, `${stem}/index.tsx`]
}

/** What a name of one module means in the file that declares it. */
export type Meaning = { readonly node: ts.Node; readonly module: LintedModule }

/** The declaration behind a name, through imports and re-exports; null for what comes from packages. */
export function meaningOf(
  node: ts.Identifier,
  module: LintedModule,
  files: ImportedFiles,
): Meaning | null {
  const declaration = module.scopes.declarationOf(node)
  if (declaration === null) return null
  const search = { files, seen: new Set<LintedModule>() }
  if (ts.isImportSpecifier(declaration)) {
    const name = (declaration.propertyName ?? declaration.name).text
    return exported(name, target(declaration.parent.parent.parent, module, files), search)
  }
  if (ts.isImportClause(declaration)) {
    return exported('default', target(declaration.parent, module, files), search)
  }
  if (ts.isNamespaceImport(declaration)) {
    const whole = target(declaration.parent.parent, module, files)
    return whole && { node: whole.source, module: whole }
  }
  return { node: declaration, module }
}

function target(
  declaration: ts.Node,
  from: LintedModule,
  files: ImportedFiles,
): LintedModule | null {
  const linked = ts.isImportDeclaration(declaration) || ts.isExportDeclaration(declaration)
  const specifier = linked ? declaration.moduleSpecifier : undefined
  return specifier && ts.isStringLiteral(specifier) ? files.resolve(specifier.text, from) : null
}

/** The declaration that a module exports under `name`; modules that re-export each other end the search. */
function exported(
  name: string,
  module: LintedModule | null,
  { files, seen }: Search,
): Meaning | null {
  if (module === null || seen.has(module)) return null
  const onward = { files, seen: new Set([...seen, module]) }
  for (const statement of module.source.statements) {
    const found = exportedBy(statement, name, module)
    if (found) return { node: found, module }
    const passed = ts.isExportDeclaration(statement)
      ? passedOn(statement, { name, module }, onward)
      : null
    if (passed) return passed
  }
  return null
}

type Search = { readonly files: ImportedFiles; readonly seen: ReadonlySet<LintedModule> }
type Wanted = { readonly name: string; readonly module: LintedModule }

function passedOn(
  statement: ts.ExportDeclaration,
  { name, module }: Wanted,
  search: Search,
): Meaning | null {
  const passed = reExported(statement, name)
  if (passed === null) return null
  return statement.moduleSpecifier
    ? exported(passed.name, target(statement, module, search.files), search)
    : passed.local && meaningOf(passed.local, module, search.files)
}

function exportedBy(statement: ts.Statement, name: string, module: LintedModule): ts.Node | null {
  if (ts.isExportAssignment(statement)) {
    if (name !== 'default') return null
    const { expression } = statement
    return ts.isIdentifier(expression) ? module.scopes.declarationOf(expression) : expression
  }
  if (ts.isVariableStatement(statement)) {
    const { declarations } = statement.declarationList
    return declarations.find((one) => ts.isIdentifier(one.name) && one.name.text === name) ?? null
  }
  const defines = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)
  return defines && statement.name?.text === name ? statement : null
}

type ReExported = { readonly name: string; readonly local: ts.Identifier | null }

function reExported(statement: ts.ExportDeclaration, name: string): ReExported | null {
  const clause = statement.exportClause
  if (!clause) return { name, local: null }
  if (!ts.isNamedExports(clause)) return null
  for (const element of clause.elements) {
    if (element.name.text !== name) continue
    const local = element.propertyName ?? element.name
    return { name: local.text, local: ts.isIdentifier(local) ? local : null }
  }
  return null
}
