import ts from 'typescript'
import { hit } from './rule.js'
import type { Hit, LintedFile, LintRule } from './rule.js'
import { schemaFields, definitionObject, descendants, memberName, memberValue } from './syntax.js'

/** Rules on what a function does with what it is given. */
export const inputRules: readonly LintRule[] = [
  {
    name: 'no-unread-input',
    behaviour: 'E4',
    severity: 'reject',
    remedy: 'Send it to the API, or take it out of the input: a caller believes that it counts.',
    finish: (file) => unreadInputs(file),
  },
]

/** Fields of the input that the function declares and never looks at. */
function unreadInputs(file: LintedFile): Hit[] {
  const definition = file.kind === 'action' ? definitionObject(file.source) : null
  const schema = definition && memberValue(definition, 'input', file.source)
  const exec = definition && execOf(definition, file.source)
  if (!schema || !exec) return []
  const fields = schemaFields(schema)
  const read = readNames(exec)
  if (read === 'all') return []
  return fields
    .filter(({ name }) => {
      const text = memberName(name)
      return text !== null && !read.has(text)
    })
    .map((field) => {
      const found = hit(field, file, (text) => `The function never reads its input ${text}.`)
      // What the brief gives has to be taken, also where the API has no use for it.
      const name = memberName(field.name) ?? ''
      return file.declaredInputFields.has(name) ? { ...found, severity: 'warn' as const } : found
    })
}

type Exec = ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration

function execOf(definition: ts.ObjectLiteralExpression, source: ts.SourceFile): Exec | null {
  const member = definition.properties.find(({ name }) => memberName(name) === 'exec')
  if (member && ts.isMethodDeclaration(member)) return member
  const value = memberValue(definition, 'exec', source)
  return value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : null
}

/** The members of the input that are read by name; `all` when it goes somewhere as a whole. */
function readNames(exec: Exec): ReadonlySet<string> | 'all' {
  const [, input] = exec.parameters
  if (input === undefined) return new Set()
  if (!ts.isIdentifier(input.name)) return patternNames(input.name)
  const { text: name } = input.name
  const names = new Set<string>()
  for (const node of descendants(exec)) {
    if (!ts.isIdentifier(node) || node.text !== name || node === input.name) continue
    const read = readBy(node)
    if (read === null) return 'all'
    for (const one of read) names.add(one)
  }
  return names
}

function readBy(node: ts.Identifier): Iterable<string> | null {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent))
    // `response.input` is a member of something else.
    return parent.expression === node ? [parent.name.text] : []
  if (ts.isPropertyAssignment(parent) && parent.name === node) return []
  if (ts.isElementAccessExpression(parent) && ts.isStringLiteralLike(parent.argumentExpression))
    return [parent.argumentExpression.text]
  if (!ts.isVariableDeclaration(parent) || parent.initializer !== node) return null
  const names = patternNames(parent.name)
  return names === 'all' ? null : names
}

function patternNames(pattern: ts.BindingName): ReadonlySet<string> | 'all' {
  if (!ts.isObjectBindingPattern(pattern)) return 'all'
  const names = pattern.elements.map(({ propertyName, name, dotDotDotToken }) => {
    const read = propertyName ?? name
    return dotDotDotToken || !(ts.isIdentifier(read) || ts.isStringLiteral(read)) ? null : read.text
  })
  return names.includes(null) ? 'all' : new Set(names.filter((name) => name !== null))
}
