import ts from 'typescript'
import type { BehaviourId } from '@plumb/protocol'
import { hit } from './rule.js'
import type { LintRule } from './rule.js'
import { constantText, isReference } from './syntax.js'

type Ban = {
  readonly names: readonly string[]
  readonly behaviour: BehaviourId
  readonly remedy: string
}

const viaContext =
  'Use ctx.get, ctx.post and the other verbs; the gateway adds base URL and credentials.'

const bannedGlobals: readonly Ban[] = [
  {
    names: ['process', 'Deno', 'Bun'],
    behaviour: 'C3',
    remedy:
      'A function has no process. Read settings from its input, ctx.getMetadata() or ctx.getConnection().',
  },
  {
    names: ['globalThis', 'global', 'window', 'self'],
    behaviour: 'B6',
    remedy: 'Keep values in local variables.',
  },
  { names: ['eval', 'Function', 'WebAssembly'], behaviour: 'B6', remedy: 'Write the code out.' },
  {
    names: ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'axios'],
    behaviour: 'C5',
    remedy: viaContext,
  },
  {
    names: ['require', 'module', 'exports', '__dirname', '__filename'],
    behaviour: 'C4',
    remedy: 'A function has no file system and loads nothing at run time.',
  },
  {
    names: ['Proxy', 'SharedArrayBuffer', 'Atomics'],
    behaviour: 'C8',
    remedy: 'Return plain JSON values.',
  },
]

/** Rules on what lies outside the function: globals, prototypes and code made at run time. */
export const globalRules: readonly LintRule[] = [
  ...bannedGlobals.map(globalRule),
  {
    name: 'no-global-write',
    behaviour: 'B6',
    severity: 'reject',
    remedy: 'Change local values only; built-in objects belong to everybody in the process.',
    visit: (node, file) => {
      const target = writtenTarget(node)
      const root = target && changedObject(target)
      return root && file.isGlobal(root)
        ? hit(node, file, (text) => `${text} changes a built-in object.`)
        : null
    },
  },
  {
    name: 'no-prototype-access',
    behaviour: 'B6',
    severity: 'reject',
    remedy: 'Work with plain values; a function never needs prototypes or constructors.',
    visit: (node, file) => {
      const name = accessedName(node)
      return name !== null &&
        /^(prototype|__proto__|constructor|setPrototypeOf|getPrototypeOf|__defineGetter__)$/.test(
          name,
        )
        ? hit(node, file, (text) => `${text} reaches behind an object.`)
        : null
    },
  },
  {
    name: 'no-custom-serialisation',
    behaviour: 'C8',
    severity: 'reject',
    remedy: 'Return plain JSON values.',
    visit: (node, file) => {
      const named = ts.isMethodDeclaration(node) || ts.isPropertyAssignment(node)
      const getter = ts.isGetAccessorDeclaration(node) && ts.isObjectLiteralExpression(node.parent)
      return getter || (named && node.name.getText(file.source) === 'toJSON')
        ? hit(node, file, (text) => `${text} makes a value look different when it is compared.`)
        : null
    },
  },
]

function globalRule(ban: Ban): LintRule {
  const names = new Set(ban.names)
  return {
    name: `no-global-${ban.names[0] ?? ''}`,
    behaviour: ban.behaviour,
    severity: 'reject',
    remedy: ban.remedy,
    visit: (node, file) =>
      ts.isIdentifier(node) && names.has(node.text) && isReference(node) && file.isGlobal(node)
        ? hit(node, file, (text) => `${text} is not available to a function.`)
        : null,
  }
}

const assignments = /^(=|\+=|-=|\?\?=|\|\|=|&&=)$/
const writers = /^(Object|Reflect)\.(assign|defineProperty|defineProperties|set)$/

function writtenTarget(node: ts.Node): ts.Node | null {
  if (ts.isBinaryExpression(node)) {
    return assignments.test(node.operatorToken.getText()) ? node.left : null
  }
  if (ts.isDeleteExpression(node)) return node.expression
  if (!ts.isCallExpression(node) || !writers.test(node.expression.getText())) return null
  return node.arguments[0] ?? null
}

/** The object that is changed: `JSON` of `JSON.stringify`; null when it is the result of a call. */
function changedObject(target: ts.Node): ts.Identifier | null {
  let inner = target
  while (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) {
    inner = inner.expression
  }
  return ts.isIdentifier(inner) ? inner : null
}

function accessedName(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node)) return node.name.text
  if (ts.isElementAccessExpression(node)) return constantText(node.argumentExpression)
  if (!ts.isBindingElement(node) || !ts.isObjectBindingPattern(node.parent)) return null
  const name = node.propertyName ?? node.name
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : null
}
