import ts from 'typescript'
import { memberName, memberValue } from '../syntax.js'
import { decidesNothing } from './checkpoint-use.js'
import { schemaFields } from './schema-fields.js'
import type { ContextCall } from './linted-module.js'
import { place, placeCall } from './project-rule.js'
import type { LintedFunction, Placed, ProjectRule } from './project-rule.js'

/** Rules on continuing where the last execution stopped. */
export const checkpointRules: readonly ProjectRule[] = [
  {
    name: 'checkpoint-used',
    behaviour: 'E5',
    severity: 'warn',
    summary:
      'A checkpoint that is saved and never read lets each execution start from the beginning.',
    remedy: 'Read it with getCheckpoint and continue from there, or save none.',
    inFunction: (linted) =>
      named(linted, 'getCheckpoint').length > 0
        ? []
        : named(linted, 'saveCheckpoint').map((call) =>
            placeCall(call, 'saves a checkpoint that is never read.'),
          ),
  },
  {
    name: 'checkpoint-read-is-used',
    behaviour: 'E5',
    severity: 'warn',
    summary: 'A checkpoint that is read must decide a request, a condition or a comparison.',
    remedy: 'Put what getCheckpoint returns into the request, or leave the call out.',
    inFunction: (linted) => {
      const reads = named(linted, 'getCheckpoint')
      return reads.every((call) => decidesNothing(call, linted))
        ? reads.map((call) => placeCall(call, 'reads a checkpoint that decides no request.'))
        : []
    },
  },
  {
    name: 'checkpoint-declared-is-used',
    behaviour: 'E5',
    severity: 'warn',
    summary: 'A checkpoint schema without a call that reads or saves a checkpoint has no effect.',
    remedy: 'Save and read the checkpoint, or remove it from the definition.',
    inFunction: (linted) => {
      const declared = linted.definition?.properties.find(
        ({ name }) => memberName(name) === 'checkpoint',
      )
      const used = linted.calls.some(({ method }) => /Checkpoint$/.test(method))
      return declared && !used && !handsContextAway(linted)
        ? [place(linted.entry, declared, 'is neither saved nor read.')]
        : []
    },
  },
  {
    name: 'checkpoint-after-records',
    behaviour: 'E5',
    severity: 'warn',
    summary:
      'A checkpoint saved before the records it stands for loses them when saving them fails.',
    remedy: 'Call batchSave first, then saveCheckpoint.',
    inFunction: (linted) =>
      named(linted, 'saveCheckpoint')
        .filter((call) => savedTooEarly(call, linted))
        .map((call) => placeCall(call, 'comes before the records it stands for are saved.')),
  },
  {
    name: 'checkpoint-shape',
    behaviour: 'E5',
    severity: 'warn',
    summary: 'A saved checkpoint has the fields of the schema in the definition.',
    remedy: 'Save the fields that the checkpoint schema of the definition names.',
    inFunction: (linted) =>
      named(linted, 'saveCheckpoint').flatMap((call) => wrongShape(call, linted)),
  },
]

function named({ calls }: LintedFunction, method: string): ContextCall[] {
  return calls.filter((call) => call.method === method)
}

/** True when the context goes to a function that cannot be followed, such as one of a package. */
function handsContextAway({ entry, calls }: LintedFunction): boolean {
  const known = new Set(calls.map(({ node }) => node))
  return entry.contextCalls().some(({ node }) => !known.has(node))
}

/** In one list of statements: the checkpoint first, its records after it, and none before it. */
function savedTooEarly({ node, module }: ContextCall, linted: LintedFunction): boolean {
  const statement = statementAround(node)
  const list = statement.parent
  if (!ts.isBlock(list)) return false
  const at = list.statements.findIndex((one) => one === statement)
  const saves = list.statements.map((one) =>
    linted.calls.some(
      (call) =>
        call.module === module &&
        call.method === 'batchSave' &&
        call.node.pos >= one.pos &&
        call.node.end <= one.end &&
        !isLoop(one),
    ),
  )
  return saves.indexOf(true) > at && !loopBefore(list, at)
}

function statementAround(node: ts.Node): ts.Node {
  let at = node
  while (at.parent && !ts.isBlock(at.parent) && !ts.isFunctionLike(at.parent)) at = at.parent
  return at
}

function isLoop(node: ts.Node): boolean {
  return ts.isIterationStatement(node, false) || ts.isTryStatement(node)
}

function loopBefore(list: ts.Block, at: number): boolean {
  return list.statements.slice(0, at).some(isLoop)
}

function wrongShape({ node, module }: ContextCall, linted: LintedFunction): Placed[] {
  const [saved] = node.arguments
  const schema =
    linted.definition && memberValue(linted.definition, 'checkpoint', linted.entry.source)
  if (!saved || !schema || !ts.isObjectLiteralExpression(saved)) return []
  const fields = schemaFields(schema, linted.entry, linted)
  if (fields === null || saved.properties.some(isUnknown)) return []
  const keys = saved.properties.map(({ name }) => memberName(name) ?? '')
  const unknown = keys.filter((key) => !fields.has(key))
  const missing = [...fields].filter(([name, { optional }]) => !optional && !keys.includes(name))
  const problems = [
    ...unknown.map((key) => `saves "${key}", which the checkpoint schema does not name.`),
    ...missing.map(([key]) => `lacks "${key}", which the checkpoint schema requires.`),
  ]
  return problems.map((problem) => place(module, saved, problem))
}

function isUnknown(member: ts.ObjectLiteralElementLike): boolean {
  return ts.isSpreadAssignment(member) || memberName(member.name) === null
}
