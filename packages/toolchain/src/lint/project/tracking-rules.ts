import ts from 'typescript'
import { alwaysThrows } from '../catch-rules.js'
import { constantText, memberName } from '../syntax.js'
import { within } from './linted-module.js'
import type { ContextCall } from './linted-module.js'
import { place, placeCall } from './project-rule.js'
import type { LintedFunction, Placed, ProjectRule } from './project-rule.js'

/** Rules on finding out what was deleted at the provider. */
export const trackingRules: readonly ProjectRule[] = [
  {
    name: 'delete-tracking-ended',
    behaviour: 'E6',
    severity: 'reject',
    summary: 'Delete tracking that is started and never ended leaves deleted records in place.',
    remedy: 'Call trackDeletesEnd with the same model after the last page.',
    inFunction: (linted) =>
      unpaired(linted, ['trackDeletesStart', 'trackDeletesEnd']).map((call) =>
        placeCall(call, 'starts delete tracking that is never ended.'),
      ),
  },
  {
    name: 'delete-tracking-started',
    behaviour: 'E6',
    severity: 'reject',
    summary: 'Delete tracking that is ended but never started has nothing to compare with.',
    remedy: 'Call trackDeletesStart with the same model before the first page.',
    inFunction: (linted) =>
      tracksByDefinition(linted)
        ? []
        : unpaired(linted, ['trackDeletesEnd', 'trackDeletesStart']).map((call) =>
            placeCall(call, 'ends delete tracking that was never started.'),
          ),
  },
  {
    name: 'delete-tracking-ended-on-every-path',
    behaviour: 'E6',
    severity: 'warn',
    summary: 'A return between trackDeletesStart and trackDeletesEnd skips the deletions.',
    remedy: 'End delete tracking before the return, or start it after the check that returns.',
    inFunction: (linted) => linted.calls.flatMap((call) => leavesOpen(call, linted)),
  },
  {
    name: 'delete-tracking-only-when-complete',
    behaviour: 'E6',
    severity: 'warn',
    summary:
      'trackDeletesEnd in catch or finally also runs after a failure and deletes good records.',
    remedy: 'Call trackDeletesEnd after the walk, outside catch and finally.',
    inFunction: ({ calls }) =>
      calls
        .filter((call) => isDeletion(call) && runsAfterFailure(call.node))
        .map((call) => placeCall(call, 'also runs after a failure and would delete good records.')),
  },
  {
    name: 'delete-tracking-after-swallowed-error',
    behaviour: 'E6',
    severity: 'warn',
    summary:
      'When a failed request is swallowed, the records it would have brought count as deleted.',
    remedy: 'Let the error through, or leave without ending delete tracking.',
    inFunction: (linted) =>
      linted.calls
        .filter((call) => isDeletion(call) && swallowedBefore(call, linted))
        .map((call) => placeCall(call, 'follows a walk whose errors are swallowed.')),
  },
  {
    name: 'no-previous-executions-delete-in-incremental',
    behaviour: 'E6',
    severity: 'warn',
    summary:
      'deleteRecordsFromPreviousExecutions deletes all that this execution did not save; an incremental sync saves only what changed.',
    remedy:
      'Read everything in each execution, or use trackDeletesStart and trackDeletesEnd around a full walk.',
    inFunction: (linted) =>
      isIncremental(linted)
        ? named(linted, 'deleteRecordsFromPreviousExecutions').map((call) =>
            placeCall(call, 'deletes what this execution had no reason to read again.'),
          )
        : [],
  },
]

function named({ calls }: LintedFunction, method: string): ContextCall[] {
  return calls.filter((call) => call.method === method)
}

/** Text of the model, and null when it is no constant. */
function modelOf({ node, module }: ContextCall, linted: LintedFunction): string | null {
  const [first] = node.arguments
  if (!first) return null
  const { node: value } = linted.valueOf(first, module)
  return ts.isExpression(value) ? constantText(value) : null
}

/** Calls of the first method for whose model there is no call of the second. */
function unpaired(
  linted: LintedFunction,
  [method, partner]: readonly [string, string],
): ContextCall[] {
  const partners = named(linted, partner).map((call) => modelOf(call, linted))
  return named(linted, method).filter((call) => {
    const model = modelOf(call, linted)
    return !partners.some((other) => other === null || model === null || other === model)
  })
}

function tracksByDefinition({ definition }: LintedFunction): boolean {
  return (definition?.properties ?? []).some(
    (member) =>
      memberName(member.name) === 'trackDeletes' &&
      ts.isPropertyAssignment(member) &&
      member.initializer.kind !== ts.SyntaxKind.FalseKeyword,
  )
}

/** Returns between a start and the first end after it, in the same function. */
function leavesOpen(start: ContextCall, linted: LintedFunction): Placed[] {
  if (start.method !== 'trackDeletesStart') return []
  const { module, node } = start
  const body = functionAround(node)
  const ends = named(linted, 'trackDeletesEnd').filter(
    (end) => end.module === module && end.node.pos > node.pos && functionAround(end.node) === body,
  )
  const [first] = ends
  if (!first) return []
  return within(module, body, ts.SyntaxKind.ReturnStatement)
    .filter((leave) => leave.pos > node.end && leave.end < first.node.pos)
    .filter((leave) => functionAround(leave) === body && shareBranch(node, leave))
    .map((leave) => place(module, leave, 'leaves delete tracking open.'))
}

/** False when one lies in the `then` and the other in the `else` of the same `if`. */
function shareBranch(one: ts.Node, other: ts.Node): boolean {
  for (let at = one; at.parent; at = at.parent) {
    const { parent } = at
    if (!ts.isIfStatement(parent) || other.pos < parent.pos || other.end > parent.end) continue
    return other.pos >= at.pos && other.end <= at.end
  }
  return true
}

function functionAround(node: ts.Node): ts.Node {
  let at = node
  while (!ts.isFunctionLike(at) && !ts.isSourceFile(at)) at = at.parent
  return at
}

function isDeletion({ method }: ContextCall): boolean {
  return method === 'trackDeletesEnd' || method === 'deleteRecordsFromPreviousExecutions'
}

function runsAfterFailure(call: ts.Node): boolean {
  for (let at = call; at.parent !== undefined; at = at.parent) {
    if (ts.isCatchClause(at)) return !alwaysThrowsBefore(at)
    if (ts.isTryStatement(at.parent) && at.parent.finallyBlock === at) return true
  }
  return false
}

function alwaysThrowsBefore(clause: ts.CatchClause): boolean {
  const [first] = clause.block.statements
  return first !== undefined && alwaysThrows(first)
}

/** True when a try around a page request, before the call, goes on after a failure. */
function swallowedBefore(call: ContextCall, linted: LintedFunction): boolean {
  return linted.calls
    .filter(({ method }) => method === 'paginate' || method === 'batchSave')
    .some(
      ({ node, module }) =>
        module === call.module && node.pos < call.node.pos && swallows(node, call.node),
    )
}

function swallows(node: ts.Node, after: ts.Node): boolean {
  for (let at = node; at.parent && !ts.isFunctionLike(at); at = at.parent) {
    if (!ts.isTryStatement(at.parent) || at.parent.tryBlock !== at) continue
    const { catchClause } = at.parent
    if (!catchClause || after.pos < at.parent.end) continue
    if (!leaves(catchClause.block)) return true
  }
  return false
}

/** True when the block throws or returns somewhere. */
function leaves(block: ts.Node): boolean {
  let found = false
  const visit = (node: ts.Node): void => {
    if (ts.isThrowStatement(node) || ts.isReturnStatement(node)) found = true
    else if (!found && !ts.isFunctionLike(node)) ts.forEachChild(node, visit)
  }
  visit(block)
  return found
}

function isIncremental(linted: LintedFunction): boolean {
  const declared = (linted.definition?.properties ?? []).some(
    (member) =>
      ts.isPropertyAssignment(member) &&
      memberName(member.name) === 'syncType' &&
      constantText(member.initializer) === 'incremental',
  )
  const reads =
    named(linted, 'getCheckpoint').length > 0 && named(linted, 'saveCheckpoint').length > 0
  return declared || reads
}
