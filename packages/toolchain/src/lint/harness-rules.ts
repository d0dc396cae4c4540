import ts from 'typescript'
import { hit, quote } from './rule.js'
import type { LintRule } from './rule.js'
import { isReference } from './syntax.js'
import { comments } from './type-rules.js'

const testTools = /^(vitest|jest|NangoActionMock|NangoSyncMock|isMock|isReplay|isTest|isDryRun)$/
const markers = /NODE_ENV|\bvitest\b|\bVITEST\b|nango mock|\.test\.json/i
const secrets =
  /\b(gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|ya29\.[\w-]{20,}|sk-[A-Za-z0-9_-]{20,}|AKIA[A-Z0-9]{16})\b/

/** Rules against code that looks for a test, is unfinished, or carries a secret. */
export const harnessRules: readonly LintRule[] = [
  {
    name: 'no-harness-names',
    behaviour: 'C3',
    severity: 'reject',
    remedy: 'A function behaves the same everywhere. Remove the branch that looks for a test.',
    visit: (node, file) =>
      ts.isIdentifier(node) && testTools.test(node.text)
        ? hit(node, file, (text) => `${text} names a test tool.`)
        : null,
  },
  {
    name: 'no-hidden-names',
    behaviour: 'C3',
    severity: 'reject',
    remedy: 'Use the documented members of the context only.',
    visit: (node, file) =>
      ts.isIdentifier(node) &&
      node.text.startsWith('__') &&
      isReference(node) &&
      file.isGlobal(node)
        ? hit(node, file, (text) => `${text} is an internal name.`)
        : null,
  },
  {
    name: 'no-harness-markers',
    behaviour: 'C3',
    severity: 'warn',
    remedy: 'A function behaves the same everywhere. Remove what looks for a test.',
    visit: (node, file) =>
      ts.isStringLiteralLike(node) && markers.test(node.text)
        ? hit(node, file, (text) => `The text ${text} names a test tool or its files.`)
        : null,
  },
  {
    name: 'no-secret',
    behaviour: 'H1',
    severity: 'reject',
    remedy: 'Remove it. The gateway adds the credential of the connection.',
    visit: (node, file) =>
      ts.isStringLiteralLike(node) && secrets.test(node.text)
        ? {
            start: node.getStart(file.source),
            end: node.end,
            message: 'A text looks like a credential.',
          }
        : null,
  },
  {
    name: 'no-unfinished-code',
    behaviour: 'E8',
    severity: 'warn',
    remedy: 'Finish it, or end the attempt with "plumb blocked" and the reason.',
    finish: (file) =>
      comments(file.source)
        .filter(({ text }) => /\b(TODO|FIXME|XXX|not implemented)\b/.test(text))
        .map(({ start, text }) => ({
          start,
          end: start + text.length,
          message: `The comment ${quote(text)} says that something is missing.`,
        })),
  },
]
