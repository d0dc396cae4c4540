import ts from 'typescript'
import type { Diagnostic } from '../compile/diagnostic.js'
import { lintRules } from './rules.js'
import type { Hit, LintedFile, LintRule } from './rule.js'
import { scopesOf } from './scopes.js'
import { definitionObject, descendants, memberName } from './syntax.js'

export type LintInput = {
  readonly source: string
  readonly fileName: string
  /** Top-level output fields named by the brief. */
  readonly declaredOutputFields?: readonly string[]
  /** Top-level input fields named by the brief. */
  readonly declaredInputFields?: readonly string[]
  /** Statuses outside 2xx that the brief declares as normal answers; left out when there is no brief. */
  readonly expectedStatuses?: readonly number[]
}

/** Reads a function's syntax tree and returns what the bans object to, in source order. Nothing in the source can switch a rule off. */
export function lintFunction(input: LintInput): Diagnostic[] {
  const file = parse(input)
  const found: Diagnostic[] = []
  const report = (rule: LintRule, hits: readonly Hit[]): void => {
    for (const one of hits) found.push(diagnostic(rule, one, file))
  }
  for (const rule of lintRules) report(rule, rule.finish?.(file) ?? [])
  for (const node of descendants(file.source)) {
    for (const rule of lintRules) {
      const one = rule.visit?.(node, file)
      if (one) report(rule, [one])
    }
  }
  return found.sort((a, b) => a.line - b.line || a.column - b.column)
}

function parse(input: LintInput): LintedFile {
  const fileName = '/function.ts'
  const source = ts.createSourceFile(fileName, input.source, ts.ScriptTarget.ES2023, true)
  const scopes = scopesOf(descendants(source))
  const kind = kindOf(source)
  return {
    path: input.fileName,
    source,
    isGlobal: (node) => scopes.declarationOf(node) === null,
    contextNames: contextNamesOf(source),
    kind,
    declaredOutputFields: new Set(input.declaredOutputFields ?? []),
    declaredInputFields: new Set(input.declaredInputFields ?? []),
    expectedStatuses: input.expectedStatuses ? new Set(input.expectedStatuses) : null,
  }
}

function kindOf(source: ts.SourceFile): LintedFile['kind'] {
  for (const node of descendants(source)) {
    if (!ts.isCallExpression(node)) continue
    const name = node.expression.getText(source)
    if (name === 'createAction') return 'action'
    if (name === 'createSync') return 'sync'
    if (name === 'createOnEvent') return 'on-event'
  }
  return 'unknown'
}

function contextNamesOf(source: ts.SourceFile): Set<string> {
  const names = new Set(['ctx', 'nango'])
  for (const member of definitionObject(source)?.properties ?? []) {
    if (!/^(exec|onWebhook)$/.test(memberName(member.name) ?? '')) continue
    const body = ts.isPropertyAssignment(member) ? member.initializer : member
    const [first] = ts.isFunctionLike(body) ? body.parameters : []
    if (first && ts.isIdentifier(first.name)) names.add(first.name.text)
  }
  return names
}

function diagnostic(rule: LintRule, one: Hit, file: LintedFile): Diagnostic {
  const { line, character } = file.source.getLineAndCharacterOfPosition(one.start)
  return {
    path: file.path,
    line: line + 1,
    column: character + 1,
    code: rule.name,
    message: one.message,
    remedy: rule.remedy,
    behaviour: rule.behaviour,
    severity: one.severity ?? rule.severity,
  }
}
