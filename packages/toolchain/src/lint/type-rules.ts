import ts from 'typescript'
import { hit, quote } from './rule.js'
import type { Hit, LintedFile, LintRule } from './rule.js'

const directive = /@ts-(ignore|expect-error|nocheck|check)|eslint-disable|^\/\/\/\s*</

/** Rules against switching the type check off. */
export const typeRules: readonly LintRule[] = [
  {
    name: 'no-any',
    behaviour: 'E2',
    severity: 'reject',
    remedy: 'Write the type, or parse the value with a zod schema.',
    visit: (node, file) =>
      node.kind === ts.SyntaxKind.AnyKeyword
        ? hit(node.parent, file, (text) => `The type "any" in ${text} switches type checking off.`)
        : null,
  },
  {
    name: 'no-double-assertion',
    behaviour: 'E2',
    severity: 'reject',
    remedy: 'Parse the value with a zod schema instead of asserting twice.',
    visit: (node, file) =>
      isAssertion(node) && forces(node)
        ? hit(node, file, (text) => `${text} forces a type that the compiler cannot see.`)
        : null,
  },
  {
    name: 'no-non-null',
    behaviour: 'E2',
    severity: 'warn',
    remedy: 'Check the value and throw a ctx.ActionError when it is missing.',
    visit: (node, file) =>
      ts.isNonNullExpression(node)
        ? hit(node, file, (text) => `${text} claims that the value is never missing.`)
        : null,
  },
  {
    name: 'no-type-directives',
    behaviour: 'E2',
    severity: 'reject',
    remedy: 'Remove the comment and correct what it hides.',
    finish: (file) => directives(file),
  },
  {
    name: 'no-ambient-declarations',
    behaviour: 'B3',
    severity: 'reject',
    remedy: 'Use the types of @plumb/sdk as they are; declare your own types without "declare".',
    visit: (node, file) => {
      const ambient =
        ts.isModuleDeclaration(node) ||
        (ts.isVariableStatement(node) && hasDeclare(node)) ||
        (ts.isFunctionDeclaration(node) && hasDeclare(node))
      return ambient
        ? hit(node, file, (text) => `${text} changes what the compiler believes.`)
        : null
    },
  },
]

function hasDeclare(node: ts.HasModifiers): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) ?? false
}

type Assertion = ts.AsExpression | ts.TypeAssertion

function isAssertion(node: ts.Node): node is Assertion {
  return ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)
}

function forces(node: Assertion): boolean {
  if (node.type.kind === ts.SyntaxKind.NeverKeyword) return true
  let inner: ts.Expression = node.expression
  while (ts.isParenthesizedExpression(inner)) inner = inner.expression
  return isAssertion(inner) && inner.type.getText() !== 'const' && node.type.getText() !== 'const'
}

function directives(file: LintedFile): Hit[] {
  return comments(file.source)
    .filter(({ text }) => directive.test(text))
    .map(({ start, text }) => ({
      start,
      end: start + text.length,
      message: `The comment ${quote(text)} switches a check off. It has no effect here.`,
    }))
}

/** Comments of a file; text inside strings and templates is not a comment. */
export function comments(source: ts.SourceFile): { start: number; text: string }[] {
  const { text } = source
  const found = new Map<number, string>()
  const walk = (node: ts.Node): void => {
    const children = node.getChildren(source)
    if (children.length > 0) return children.forEach(walk)
    const from = node.getFullStart()
    const ranges = [
      ...(ts.getLeadingCommentRanges(text, from) ?? []),
      ...(ts.getTrailingCommentRanges(text, from) ?? []),
    ]
    for (const { pos, end } of ranges) {
      if (end <= node.getStart(source)) found.set(pos, text.slice(pos, end))
    }
  }
  walk(source)
  return [...found].map(([start, comment]) => ({ start, text: comment }))
}
