import ts from 'typescript'
import { hit } from './rule.js'
import type { LintRule } from './rule.js'
import { calledMember, descendants } from './syntax.js'

/** Rules against telling the compiler what nothing in the code has looked at. */
export const trustRules: readonly LintRule[] = [
  {
    name: 'no-trusted-generic',
    behaviour: 'E2',
    severity: 'reject',
    remedy: 'Parse the value with a zod schema; a type parameter is whatever the caller wishes.',
    visit: (node, file) =>
      isAssertion(node) && !isLiteralAssertion(node) && namesTypeParameter(node)
        ? hit(node, file, (text) => `${text} makes a value whatever type the caller names.`)
        : null,
  },
  {
    name: 'no-unproven-predicate',
    behaviour: 'E2',
    severity: 'reject',
    remedy: 'Decide with safeParse of a zod schema, or look at each member that the type has.',
    visit: (node, file) => {
      if (!ts.isTypePredicateNode(node) || node.type === undefined) return null
      const owner = node.parent
      if (!ts.isFunctionLike(owner) || !claimsMembers(node.type) || looksAtMembers(owner, node))
        return null
      return hit(node, file, (text) => `${text} is claimed of a value whose members nobody reads.`)
    },
  },
  {
    name: 'no-overload',
    behaviour: 'E2',
    severity: 'reject',
    remedy: 'Give the function one signature, which the compiler can hold against its body.',
    visit: (node, file) =>
      isSignatureOnly(node)
        ? hit(node, file, (text) => `${text} promises types that are not checked in the body.`)
        : null,
  },
]

type Assertion = ts.AsExpression | ts.TypeAssertion

function isAssertion(node: ts.Node): node is Assertion {
  return ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)
}

/** `[] as T[]` and `{} as Partial<T>` claim nothing about a value that came from elsewhere. */
function isLiteralAssertion({ expression }: Assertion): boolean {
  if (ts.isArrayLiteralExpression(expression)) return expression.elements.length === 0
  return ts.isObjectLiteralExpression(expression) && expression.properties.length === 0
}

function namesTypeParameter(node: Assertion): boolean {
  const parameters = typeParametersAround(node)
  if (parameters.size === 0) return false
  return [...descendants(node.type)].some(
    (inner) => ts.isIdentifier(inner) && parameters.has(inner.text) && !isKeyOf(inner),
  )
}

/** `key as keyof T` says which of its own members a value has, and is checked where it is read. */
function isKeyOf(node: ts.Identifier): boolean {
  const operator = node.parent.parent
  return ts.isTypeOperatorNode(operator) && operator.operator === ts.SyntaxKind.KeyOfKeyword
}

function typeParametersAround(from: ts.Node): ReadonlySet<string> {
  const names = new Set<string>()
  for (let at: ts.Node | undefined = from; at !== undefined; at = at.parent) {
    if (!ts.isFunctionLike(at) && !ts.isClassLike(at)) continue
    for (const { name } of at.typeParameters ?? []) names.add(name.text)
  }
  return names
}

const plainTypes = /^(Array|ReadonlyArray|Record|NonNullable|Exclude|Extract|Error|Date|Promise)$/

/** A type with members of its own; `string`, `unknown[]` and `NonNullable<T>` are seen by `typeof` and `!==`. */
function claimsMembers(type: ts.TypeNode): boolean {
  if (ts.isParenthesizedTypeNode(type)) return claimsMembers(type.type)
  if (ts.isArrayTypeNode(type)) return claimsMembers(type.elementType)
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type))
    return type.types.some(claimsMembers)
  if (ts.isTypeLiteralNode(type)) return type.members.length > 0
  return ts.isTypeReferenceNode(type) && namesMembers(type)
}

function namesMembers({ typeName, typeArguments }: ts.TypeReferenceNode): boolean {
  const name = typeName.getText()
  if (name !== 'Array' && name !== 'ReadonlyArray') return !plainTypes.test(name)
  return typeArguments?.some(claimsMembers) ?? false
}

/** Something in the body reads a member of the value, or hands it to what does. */
function looksAtMembers(owner: ts.SignatureDeclaration, predicate: ts.TypePredicateNode): boolean {
  const body = 'body' in owner ? owner.body : undefined
  if (body === undefined) return true
  const name = predicate.parameterName.getText()
  const typed = parameterType(owner, name)
  // What is told apart of a union by the compiler itself was not unknown before.
  if (typed !== null && !/\b(unknown|any|object)\b/.test(typed.getText())) return true
  return [...descendants(body)].some((node) => readsMember(node, name))
}

function parameterType(owner: ts.SignatureDeclaration, name: string): ts.TypeNode | null {
  return owner.parameters.find((one) => one.name.getText() === name)?.type ?? null
}

function readsMember(node: ts.Node, name: string): boolean {
  if (ts.isBinaryExpression(node))
    return node.operatorToken.kind === ts.SyntaxKind.InKeyword && mentions(node.right, name)
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))
    return mentions(node.expression, name)
  if (!ts.isCallExpression(node)) return false
  if (ts.isIdentifier(node.expression) && !/^(Boolean|String|Number)$/.test(node.expression.text))
    return node.arguments.some((one) => mentions(one, name))
  const parses = /^(safeParse|parse|safeParseAsync|every|some|hasOwn|keys|entries)$/
  return parses.test(calledMember(node) ?? '')
}

function mentions(node: ts.Node, name: string): boolean {
  return [...descendants(node)].some((inner) => ts.isIdentifier(inner) && inner.text === name)
}

function isSignatureOnly(node: ts.Node): boolean {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node))
    return node.body === undefined && !isAmbient(node) && !isAbstract(node)
  return false
}

function isAmbient(node: ts.Node): boolean {
  return (ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.Ambient) !== 0
}

function isAbstract(node: ts.Node): boolean {
  return (ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.Abstract) !== 0
}
