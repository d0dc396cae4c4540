import ts from 'typescript'
import { hit } from './rule.js'
import type { LintRule } from './rule.js'
import { contextMethod, memberName } from './syntax.js'

const asynchronous =
  /^(get|post|put|patch|delete|proxy|batch(Save|Update|Delete)|trackDeletes(Start|End)|(get|save|clear)Checkpoint|(get|set|update)Metadata|getConnection|listRecords|getRecordsByIds|deleteRecordsFromPreviousExecutions|trigger(Action|Sync)|startSync)$/

/** Rules on how the context is used. */
export const contextRules: readonly LintRule[] = [
  {
    name: 'no-floating-call',
    behaviour: 'D5',
    severity: 'reject',
    remedy: 'Write await before the call, so that its failure fails the function.',
    visit: (node, file) => {
      const method = contextMethod(node, file)
      if (method === null || !asynchronous.test(method)) return null
      const floats = ts.isExpressionStatement(node.parent) || ts.isVoidExpression(node.parent)
      return floats ? hit(node, file, (text) => `${text} is not awaited.`) : null
    },
  },
  {
    name: 'no-base-url-override',
    behaviour: 'H7',
    severity: 'reject',
    remedy: 'Give the endpoint relative to the base URL of the provider.',
    visit: (node, file) => {
      const named = ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)
      return named && memberName(node.name) === 'baseUrlOverride'
        ? hit(node, file, (text) => `${text} sends the credential to another place.`)
        : null
    },
  },
  {
    name: 'encode-path-values',
    behaviour: 'H7',
    severity: 'warn',
    remedy: 'Wrap the value in encodeURIComponent(...).',
    visit: (node, file) => {
      if (!ts.isTemplateSpan(node) || !isEndpoint(node.parent)) return null
      const raw = ts.isPropertyAccessExpression(node.expression)
      return raw && /\binput\b/.test(node.expression.getText())
        ? hit(node.expression, file, (text) => `${text} goes into the path as it is.`)
        : null
    },
  },
  {
    name: 'no-own-authorization',
    behaviour: 'H1',
    severity: 'warn',
    remedy: 'Leave the header out; the gateway adds the credential of the connection.',
    visit: (node, file) =>
      ts.isPropertyAssignment(node) && /^authorization$/i.test(memberName(node.name) ?? '')
        ? hit(node, file, (text) => `${text} handles a credential.`)
        : null,
  },
]

function isEndpoint(template: ts.Node): boolean {
  return ts.isPropertyAssignment(template.parent) && memberName(template.parent.name) === 'endpoint'
}
