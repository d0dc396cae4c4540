import ts from 'typescript'
import { hit } from './rule.js'
import type { LintedFile, LintRule } from './rule.js'
import {
  schemaFields,
  calledMember,
  definitionObject,
  descendants,
  followConstant,
  memberName,
  memberValue,
} from './syntax.js'

const remedy = 'Name the fields of the answer, each with its type, as "plumb docs show" lists them.'

/** Rules against schemas that accept everything. */
export const schemaRules: readonly LintRule[] = [
  {
    name: 'no-loose-schema',
    behaviour: 'E1',
    severity: 'reject',
    remedy,
    visit: (node, file) => {
      const name = calledMember(node)
      const loose =
        name !== null && /^(any|passthrough|loose|looseObject)$/.test(name) && reachesZod(node)
      return loose ? hit(node, file, (text) => `${text} accepts any value.`) : null
    },
  },
  {
    name: 'no-hiding-default',
    behaviour: 'E1',
    severity: 'reject',
    remedy: 'Let a wrong answer fail the validation.',
    visit: (node, file) =>
      calledMember(node) === 'catch' && reachesZod(node)
        ? hit(node, file, (text) => `${text} replaces every wrong value by a made-up one.`)
        : null,
  },
  {
    name: 'no-empty-schema',
    behaviour: 'E1',
    severity: 'reject',
    remedy,
    finish: (file) =>
      results(file)
        .filter(({ schema }) => saysNothing(schema))
        .map(({ name, schema }) =>
          hit(
            schema,
            file,
            (text) => `The schema of ${name}, ${text}, says nothing about its fields.`,
          ),
        ),
  },
  {
    name: 'no-error-in-output',
    behaviour: 'D4',
    severity: 'reject',
    remedy: 'Throw a ctx.ActionError instead of returning an error as a result.',
    finish: (file) =>
      results(file)
        .flatMap(({ schema }) => schemaFields(schema))
        .filter((field) => isErrorField(field, file))
        .map((field) =>
          hit(field, file, (text) => `The output field ${text} lets a failure pass as a result.`),
        ),
  },
  {
    name: 'no-all-optional-output',
    behaviour: 'E1',
    severity: 'warn',
    remedy: 'Make the fields that the API always returns required.',
    finish: (file) =>
      results(file)
        .filter(({ schema }) => allOptional(schema))
        .map(({ name, schema }) => hit(schema, file, () => `Every field of ${name} is optional.`)),
  },
]

/** True when the expression is built on `z`, so that `.any()` of something else does not count. */
function reachesZod(node: ts.Node): boolean {
  for (const inner of descendants(node)) {
    if (
      ts.isIdentifier(inner) &&
      inner.text === 'z' &&
      ts.isPropertyAccessExpression(inner.parent)
    ) {
      return true
    }
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false
  const receiver = node.expression.expression
  const value = followConstant(receiver, node.getSourceFile())
  return value !== receiver && reachesZod(value)
}

type Result = { readonly name: string; readonly schema: ts.Expression }

/** Schemas of what comes out: `output` of an action, each model of a sync. */
function results(file: LintedFile): Result[] {
  const definition = definitionObject(file.source)
  if (!definition) return []
  const output = memberValue(definition, 'output', file.source)
  const found: Result[] = output ? [{ name: 'the output', schema: output }] : []
  const models = memberValue(definition, 'models', file.source)
  if (!models || !ts.isObjectLiteralExpression(models)) return found
  for (const { name } of models.properties) {
    const model = memberName(name)
    const schema = model === null ? null : memberValue(models, model, file.source)
    if (model !== null && schema) found.push({ name: `model ${model}`, schema })
  }
  return found
}

function saysNothing(schema: ts.Expression): boolean {
  const name = calledMember(schema) ?? ''
  if (!ts.isCallExpression(schema)) return false
  const { arguments: given } = schema
  if (/^(unknown|any|custom|json)$/.test(name)) return true
  if (name === 'record') return given.slice(1).some(saysNothing)
  if (name === 'array') return given.some(saysNothing)
  return /^(object|strictObject)$/.test(name) && given.some(isEmptyObject)
}

function isEmptyObject(node: ts.Expression): boolean {
  return ts.isObjectLiteralExpression(node) && node.properties.length === 0
}

function isErrorField(field: ts.PropertyAssignment, file: LintedFile): boolean {
  const name = memberName(field.name) ?? ''
  if (!/^(error|errors|errorMessage|error_message)$/.test(name)) return false
  return !file.declaredOutputFields.has(name) && isOptional(field.initializer)
}

function isOptional(schema: ts.Expression): boolean {
  let at: ts.Expression = schema
  while (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) {
    if (/^(optional|nullish|nullable|default)$/.test(at.expression.name.text)) return true
    at = at.expression.expression
  }
  return false
}

function allOptional(schema: ts.Expression): boolean {
  if (calledMember(schema) === 'partial') return true
  const members = schemaFields(schema)
  return members.length > 1 && members.every(({ initializer }) => isOptional(initializer))
}
