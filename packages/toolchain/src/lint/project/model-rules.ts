import ts from 'typescript'
import { constantText, memberName, memberValue } from '../syntax.js'
import { place, placeCall } from './project-rule.js'
import { schemaFields } from './schema-fields.js'
import type { ContextCall } from './linted-module.js'
import type { LintedFunction, Placed, ProjectRule } from './project-rule.js'

const modelArgument: Readonly<Record<string, number>> = {
  batchSave: 1,
  batchUpdate: 1,
  batchDelete: 1,
  getRecordsByIds: 1,
  setMergingStrategy: 1,
  trackDeletesStart: 0,
  trackDeletesEnd: 0,
  deleteRecordsFromPreviousExecutions: 0,
}

/** Rules on the models of a sync. */
export const modelRules: readonly ProjectRule[] = [
  {
    name: 'model-declared',
    behaviour: 'E8',
    severity: 'warn',
    summary: 'A model that records are saved under is one of the models of the definition.',
    remedy: 'Add the model to models, or use the name of one that is there.',
    inFunction: (linted) => {
      const models = modelNames(linted)
      if (models === null) return []
      return linted.calls.flatMap((call) => {
        const model = modelOf(call, linted)
        return model === null || models.includes(model)
          ? []
          : [placeCall(call, `uses "${model}"; the models are ${models.join(', ') || '(none)'}.`)]
      })
    },
  },
  {
    name: 'model-name-stable',
    behaviour: 'E8',
    severity: 'warn',
    summary: 'A model name that is put together at run time makes records change their model.',
    remedy: 'Write the name of the model out.',
    inFunction: (linted) => [...computedModels(linted), ...computedArguments(linted)],
  },
  {
    name: 'model-has-id',
    behaviour: 'E8',
    severity: 'reject',
    summary: 'Records are told apart by their id, so each model has one.',
    remedy: 'Add id: z.string() to the schema of the model.',
    inFunction: withoutId,
  },
]

function modelsLiteral({ definition, entry }: LintedFunction): ts.ObjectLiteralExpression | null {
  const models = definition && memberValue(definition, 'models', entry.source)
  return models && ts.isObjectLiteralExpression(models) ? models : null
}

/** Names of the declared models; null when they are not all written out. */
function modelNames(linted: LintedFunction): string[] | null {
  const names: string[] = []
  const literal = modelsLiteral(linted)
  if (literal === null) return null
  for (const { name } of literal.properties) {
    const text = memberName(name)
    if (text === null) return null
    names.push(text)
  }
  return names
}

function argumentOf({ node, method }: ContextCall): ts.Expression | null {
  const position = Object.hasOwn(modelArgument, method) ? modelArgument[method] : undefined
  return position === undefined ? null : (node.arguments[position] ?? null)
}

function modelOf(call: ContextCall, linted: LintedFunction): string | null {
  const argument = argumentOf(call)
  if (argument === null) return null
  const { node } = linted.valueOf(argument, call.module)
  return ts.isExpression(node) ? constantText(node) : null
}

function computedModels(linted: LintedFunction): Placed[] {
  return (modelsLiteral(linted)?.properties ?? [])
    .filter(
      ({ name }) => name && ts.isComputedPropertyName(name) && !isConstant(name.expression, linted),
    )
    .map((member) => place(linted.entry, member, 'declares a model under a computed name.'))
}

function isConstant(expression: ts.Expression, linted: LintedFunction): boolean {
  const { node } = linted.valueOf(expression, linted.entry)
  return ts.isExpression(node) && constantText(node) !== null
}

function computedArguments(linted: LintedFunction): Placed[] {
  return linted.calls.flatMap((call) => {
    const argument = argumentOf(call)
    if (argument === null) return []
    const { node } = linted.valueOf(argument, call.module)
    return ts.isTemplateExpression(node) || isJoined(node)
      ? [place(call.module, argument, 'is a model name put together at run time.')]
      : []
  })
}

function isJoined(node: ts.Node): boolean {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.PlusToken &&
    constantText(node) === null
  )
}

function withoutId(linted: LintedFunction): Placed[] {
  return (modelsLiteral(linted)?.properties ?? []).flatMap((member) => {
    const schema = ts.isPropertyAssignment(member)
      ? member.initializer
      : ts.isShorthandPropertyAssignment(member)
        ? member.name
        : null
    const fields = schema && schemaFields(schema, linted.entry, linted)
    return fields && !fields.has('id') ? [place(linted.entry, member, 'has no id.')] : []
  })
}
