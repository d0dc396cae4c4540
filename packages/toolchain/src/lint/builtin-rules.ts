import ts from 'typescript'
import { hit } from './rule.js'
import type { LintedFile, LintRule } from './rule.js'
import { calledMember, constantText, isReference } from './syntax.js'

const remedy = 'Use built-in objects where they stand: Math.max(a, b), JSON.parse(text), new Map().'

/** Rules against getting hold of built-in objects as values, by which they can be changed under another name. */
export const builtinRules: readonly LintRule[] = [
  {
    name: 'no-builtin-value',
    behaviour: 'B6',
    severity: 'reject',
    remedy,
    visit: (node, file) =>
      isBuiltin(node, file) && !isPlainUse(node)
        ? hit(node.parent, file, (text) => `${text} hands out a built-in object.`)
        : null,
  },
  {
    name: 'no-builtin-changer',
    behaviour: 'B6',
    severity: 'reject',
    remedy: 'Build new objects with { ...a, b }; nothing has to be defined on another one.',
    visit: (node, file) => {
      const taken = takenChanger(node, file)
      return taken === null
        ? null
        : hit(taken, file, (text) => `${text} can change built-in objects under another name.`)
    },
  },
]

const spaces = 'Math JSON Intl console Atomics Symbol BigInt'
const classes =
  'Object Array Promise Date Map Set WeakMap WeakSet RegExp Error TypeError URL URLSearchParams Buffer'
const builtins = new Set(`${spaces} ${classes}`.split(' '))
const holders = new Set(['Object', 'Reflect'])
const changers =
  /^(assign|defineProperty|defineProperties|setPrototypeOf|set|deleteProperty|get|apply|construct|getPrototypeOf|getOwnPropertyDescriptors?|freeze|seal|preventExtensions)$/
/** Of these, what a plain call does is looked at by other rules. */
const calledFreely =
  /^(assign|defineProperty|defineProperties|freeze|seal|getOwnPropertyDescriptors?)$/

function isBuiltin(node: ts.Node, file: LintedFile): node is ts.Identifier {
  return (
    ts.isIdentifier(node) && builtins.has(node.text) && isReference(node) && file.isGlobal(node)
  )
}

/** Called, constructed, compared with `instanceof`, or asked for a member that is written out. */
function isPlainUse(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return true
  if (ts.isElementAccessExpression(parent))
    return parent.expression === node && constantText(parent.argumentExpression) !== null
  if (ts.isNewExpression(parent) || ts.isCallExpression(parent))
    return parent.expression === node || isInstanceSchema(parent)
  // `const { max } = Math` takes a member; which one is asked by the other rule.
  if (ts.isVariableDeclaration(parent)) return ts.isObjectBindingPattern(parent.name)
  return isComparison(parent, node) || isAboutTypes(parent)
}

function isComparison(parent: ts.Node, node: ts.Identifier): boolean {
  if (!ts.isBinaryExpression(parent)) return false
  return parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword && parent.right === node
}

function isAboutTypes(parent: ts.Node): boolean {
  return (
    ts.isTypeOfExpression(parent) ||
    ts.isTypeQueryNode(parent) ||
    ts.isExpressionWithTypeArguments(parent)
  )
}

function isInstanceSchema(node: ts.Node): boolean {
  return calledMember(node) === 'instanceof'
}

function takenChanger(node: ts.Node, file: LintedFile): ts.Node | null {
  if (ts.isBindingElement(node)) return takenByPattern(node, file)
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return null
  const { expression } = node
  if (!isHolder(expression, file)) return null
  const name = ts.isPropertyAccessExpression(node)
    ? node.name.text
    : constantText(node.argumentExpression)
  if (name !== null && !changers.test(name)) return null
  return name !== null && isPlainCall(node, expression, name) ? null : node
}

function isPlainCall(member: ts.Expression, holder: ts.Identifier, name: string): boolean {
  const isCalled = ts.isCallExpression(member.parent) && member.parent.expression === member
  return isCalled && holder.text === 'Object' && calledFreely.test(name)
}

function takenByPattern(node: ts.BindingElement, file: LintedFile): ts.Node | null {
  const declaration = node.parent.parent
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return null
  if (!isHolder(declaration.initializer, file)) return null
  const name = node.propertyName ?? node.name
  if (!ts.isIdentifier(name) && !ts.isStringLiteral(name)) return node
  return changers.test(name.text) || node.dotDotDotToken !== undefined ? node : null
}

function isHolder(node: ts.Expression, file: LintedFile): node is ts.Identifier {
  return ts.isIdentifier(node) && holders.has(node.text) && file.isGlobal(node)
}
