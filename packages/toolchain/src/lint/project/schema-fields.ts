import ts from 'typescript'
import { calledMember, memberName } from '../syntax.js'
import type { LintedModule } from './linted-module.js'
import type { LintedFunction } from './project-rule.js'

export type SchemaField = { readonly optional: boolean }

/** Fields of a schema that is written out as `z.object({ ... })`; null for any other way to make one. */
export function schemaFields(
  expression: ts.Expression,
  module: LintedModule,
  linted: LintedFunction,
): ReadonlyMap<string, SchemaField> | null {
  const { node } = linted.valueOf(expression, module)
  const literal = ts.isExpression(node) ? objectOf(node) : null
  if (literal === null) return null
  const fields = new Map<string, SchemaField>()
  for (const member of literal.properties) {
    const name = memberName(member.name)
    if (name === null) return null
    fields.set(name, { optional: mayBeLeftOut(member) })
  }
  return fields
}

/** The literal in `z.object({ ... })`, also with `.strict()`, `.describe('...')` and the like after it. */
function objectOf(node: ts.Expression): ts.ObjectLiteralExpression | null {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null
  const method = calledMember(node) ?? ''
  if (/^(object|strictObject|looseObject)$/.test(method)) {
    const [first] = node.arguments
    return first && ts.isObjectLiteralExpression(first) ? first : null
  }
  return /^(strict|passthrough|loose|strip|describe|meta|readonly|refine|superRefine)$/.test(method)
    ? objectOf(node.expression.expression)
    : null
}

/** A field whose schema is a name may be optional for all that is known here. */
function mayBeLeftOut(member: ts.ObjectLiteralElementLike): boolean {
  if (!ts.isPropertyAssignment(member)) return true
  const text = member.initializer.getText()
  return (
    !/^z\s*\./.test(text) ||
    /\.\s*(optional|nullish|default|catch|prefault)\s*\(|z\s*\.\s*(optional|undefined|any|unknown)\s*\(/.test(
      text,
    )
  )
}
