import type { Json, JsonObject } from '@plumb/protocol'
import { isList, isObject } from '../api/schema.js'
import type { Play } from '../conversation/play-from-start.js'
import { dryRun } from './dry-run.js'
import type { DryRun, RunFailure } from './dry-run.js'
import { inputOf } from './function-plan.js'
import type { GivenUp } from './outcome.js'
import { givenUp, nameOfOperation } from './outcome.js'
import { makeRecord } from './prepare.js'
import { repairRun } from './repair-run.js'
import type { Repair } from './repair-run.js'
import { isWriting } from './references.js'
import type { Work } from './work.js'
import type { Attempt } from './attempt.js'

const maxRuns = 14

/** Runs the function and mends what stands in its way, until a run shows that it works. */
export function* runUntilGood(work: Work, attempt: Attempt): Play<GivenUp | null> {
  let checkpoint: JsonObject | null = null
  for (let turn = 0; turn < maxRuns; turn += 1) {
    const run: DryRun = yield* dryRun(work, { ...attempt, checkpoint })
    if (run.failure !== null) {
      const repair: Repair = yield* repairRun(work, attempt, run.failure)
      if (repair.kind !== 'again') return refusal(attempt, run, repair.kind)
      continue
    }
    attempt.calls = [...attempt.calls, ...run.calls]
    const next = yield* lookAt(work, attempt, run)
    if (next === 'empty')
      return givenUp(
        `${nameOfOperation(attempt.plan.operation)} lists nothing in this account, and nothing could be created that it would list.`,
        receiptsOf(run),
      )
    if (next === 'again') continue
    if (checkpoint !== null || run.endCheckpoint === null || attempt.plan.kind !== 'sync')
      return null
    checkpoint = run.endCheckpoint
  }
  return givenUp(
    `${maxRuns} runs of ${nameOfOperation(attempt.plan.operation)} did not lead to one that works.`,
  )
}

/** Whether a run that returned shows enough: a list with something in it, a sync with a record. */
function* lookAt(work: Work, attempt: Attempt, run: DryRun): Play<'good' | 'again' | 'empty'> {
  const isSync = attempt.plan.kind === 'sync'
  const isEmpty = isSync
    ? run.saved === 0
    : !isWriting(attempt.plan.operation) && hasOnlyEmptyLists(run.output)
  if (!isEmpty || attempt.hasRecord) return 'good'
  attempt.hasRecord = true
  const made = yield* makeRecord(work, attempt.plan, attempt.values)
  if (made !== null) return 'again'
  return isSync ? 'empty' : 'good'
}

function hasOnlyEmptyLists(output: Json): boolean {
  if (isList(output)) return output.length === 0
  if (!isObject(output)) return false
  const lists = Object.values(output).filter(isList)
  return lists.length > 0 && lists.every(({ length }) => length === 0)
}

const receiptsOf = ({ calls }: DryRun): string[] =>
  calls.flatMap(({ receiptId }) => receiptId ?? [])

function refusal({ plan, values }: Attempt, run: DryRun, kind: 'access' | 'stuck'): GivenUp {
  const failure: RunFailure | null = run.failure
  const said = (failure?.message ?? '').slice(0, 300)
  const input = JSON.stringify(inputOf(plan, values)).slice(0, 300)
  const detail = `${nameOfOperation(plan.operation)} with ${input} ended with ${failure?.type ?? 'an error'}: ${said} ${(failure?.text ?? '').slice(0, 400)}`
  return givenUp(detail.trim(), receiptsOf(run), kind === 'access' ? 'access' : 'not-possible')
}
