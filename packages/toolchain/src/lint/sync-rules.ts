import ts from 'typescript'
import type { BehaviourId } from '@plumb/protocol'
import { hit } from './rule.js'
import type { Hit, LintedFile, LintRule } from './rule.js'
import { contextCalls, definitionObject } from './syntax.js'

type Pair = {
  readonly name: string
  readonly behaviour: BehaviourId
  readonly call: string
  readonly needs: string
  readonly message: string
  readonly remedy: string
}

const pairs: readonly Pair[] = [
  {
    name: 'delete-tracking-ended',
    behaviour: 'E6',
    call: 'trackDeletesStart',
    needs: 'trackDeletesEnd',
    message: 'starts delete tracking that is never ended, so removed records stay.',
    remedy: 'Call trackDeletesEnd with the same model after the last page.',
  },
  {
    name: 'delete-tracking-started',
    behaviour: 'E6',
    call: 'trackDeletesEnd',
    needs: 'trackDeletesStart',
    message: 'ends delete tracking that was never started.',
    remedy: 'Call trackDeletesStart with the same model before the first page.',
  },
  {
    name: 'checkpoint-used',
    behaviour: 'E5',
    call: 'saveCheckpoint',
    needs: 'getCheckpoint',
    message: 'saves a checkpoint that is never read, so every run starts from the beginning.',
    remedy: 'Read it with getCheckpoint and continue from there, or save none.',
  },
]

/** Rules on what makes a sync complete. */
export const syncRules: readonly LintRule[] = [
  ...pairs.map(pairRule),
  {
    name: 'checkpoint-read-is-used',
    behaviour: 'E5',
    severity: 'reject',
    remedy: 'Continue from what getCheckpoint returns, or leave the call out.',
    finish: (file) =>
      contextCalls(file, 'getCheckpoint')
        .filter(
          (call) =>
            ts.isAwaitExpression(call.parent) && ts.isExpressionStatement(call.parent.parent),
        )
        .map((call) => hit(call, file, (text) => `The checkpoint of ${text} is thrown away.`)),
  },
  {
    name: 'delete-tracking-only-when-complete',
    behaviour: 'E6',
    severity: 'reject',
    remedy: 'Call trackDeletesEnd after the walk, outside catch and finally.',
    finish: (file) =>
      contextCalls(file, 'trackDeletesEnd')
        .filter(runsAfterFailure)
        .map((call) =>
          hit(
            call,
            file,
            (text) => `${text} also runs after a failure and would delete good records.`,
          ),
        ),
  },
  {
    name: 'sync-saves-records',
    behaviour: 'E8',
    severity: 'reject',
    remedy: 'Save what was read with ctx.batchSave(records, model).',
    finish: (file) => savesNothing(file),
  },
]

function pairRule(pair: Pair): LintRule {
  return {
    name: pair.name,
    behaviour: pair.behaviour,
    severity: 'reject',
    remedy: pair.remedy,
    finish: (file) =>
      contextCalls(file, pair.needs).length > 0
        ? []
        : contextCalls(file, pair.call).map((call) =>
            hit(call, file, (text) => `${text} ${pair.message}`),
          ),
  }
}

function runsAfterFailure(call: ts.Node): boolean {
  for (let at = call; at.parent !== undefined; at = at.parent) {
    if (ts.isCatchClause(at)) return true
    if (ts.isTryStatement(at.parent) && at.parent.finallyBlock === at) return true
  }
  return false
}

function savesNothing(file: LintedFile): Hit[] {
  const definition = definitionObject(file.source)
  if (file.kind !== 'sync' || !definition) return []
  // A file that hands the context to its own function may save there; then the text still names batchSave.
  if (/\.batch(Save|Update)\s*[(<]/.test(file.source.text)) return []
  return [hit(definition, file, () => 'The sync never calls batchSave.')]
}
