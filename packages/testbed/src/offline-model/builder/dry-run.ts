import type { Json, JsonObject } from '@plumb/protocol'
import { isObject, listOf, objectOf, textOf } from '../api/schema.js'
import type { Play } from '../conversation/play-from-start.js'
import type { FunctionPlan } from './function-plan.js'
import { inputOf } from './function-plan.js'
import type { Values, Work } from './work.js'

export type Call = {
  readonly method: string
  readonly path: string
  readonly status: number | null
  readonly receiptId: string | null
}

export type Issue = { readonly path: string; readonly message: string }

/** What one dry run showed. */
export type DryRun = {
  readonly ok: boolean
  readonly output: Json
  readonly saved: number
  readonly endCheckpoint: JsonObject | null
  readonly calls: readonly Call[]
  readonly failure: RunFailure | null
}

export type RunFailure = {
  readonly type: string
  /** Status (0 for none) and everything that was said, as one text. */
  readonly text: string
  readonly message: string
  readonly status: number | null
  readonly issues: readonly Issue[]
  readonly diagnostics: readonly { readonly line: number; readonly message: string }[]
}

export type Trial = {
  readonly plan: FunctionPlan
  readonly values: Values
  /** Where a sync goes on; null for a run from the start. */
  readonly checkpoint: JsonObject | null
}

/** Runs the function as it stands against the account. */
export function* dryRun(work: Work, { plan, values, checkpoint }: Trial): Play<DryRun> {
  const input = JSON.stringify(inputOf(plan, values))
  const given =
    plan.kind === 'sync' ? (plan.slots.length > 0 ? ['--metadata', input] : []) : ['--input', input]
  const from = checkpoint === null ? [] : ['--checkpoint', JSON.stringify(checkpoint)]
  const say = checkpoint === null ? 'Try the function.' : 'Try the function from its checkpoint.'
  const run = dryRunOf(yield* work.tools.plumb(['dryrun', ...given, ...from], say))
  for (const { method, path, status, receiptId } of run.calls) {
    if (receiptId !== null)
      work.receipts.push({ id: receiptId, call: `${method} ${path}`, status: status ?? 0 })
  }
  return run
}

/** Reads the answer of `plumb dryrun`. */
export function dryRunOf(answer: JsonObject): DryRun {
  const outcome = objectOf(answer['outcome'])
  const ok = answer['ok'] === true
  return {
    ok,
    output: outcome['output'] ?? null,
    saved: Object.values(objectOf(answer['records'])).reduce(
      (sum: number, one) => sum + countOf(one),
      0,
    ),
    endCheckpoint: isObject(answer['endCheckpoint']) ? answer['endCheckpoint'] : null,
    calls: listOf(answer['calls']).map(objectOf).map(callOf),
    failure: ok ? null : failureOf(answer, outcome),
  }
}

const countOf = (changes: Json): number => {
  const { saved } = objectOf(changes)
  return typeof saved === 'number' ? saved : listOf(saved).length
}

function callOf(call: JsonObject): Call {
  const url = textOf(call['url'])
  return {
    method: textOf(call['method']),
    path: URL.canParse(url) ? new URL(url).pathname : (url.split('?')[0] ?? url),
    status: typeof call['status'] === 'number' ? call['status'] : null,
    receiptId: textOf(call['receiptId']) || null,
  }
}

function failureOf(answer: JsonObject, outcome: JsonObject): RunFailure {
  const error = objectOf(outcome['error'])
  const payload = objectOf(error['payload'])
  const status = typeof error['status'] === 'number' ? error['status'] : null
  const message =
    [error['message'], outcome['detail'], answer['error']].map(textOf).find(Boolean) ?? ''
  const type = [error['type'], outcome['reason']].map(textOf).find(Boolean) ?? 'tool'
  return {
    type,
    text: `${status ?? (type === 'action-error' ? 200 : 0)} ${saidBy(payload, { type, message })}`,
    message,
    status,
    issues: listOf(payload['issues'])
      .map(objectOf)
      .map(({ path, message: told }) => ({
        path: textOf(path),
        message: textOf(told),
      })),
    diagnostics: listOf(payload['diagnostics'])
      .map(objectOf)
      .map(({ line, message: told }) => ({
        line: typeof line === 'number' ? line : 0,
        message: textOf(told),
      })),
  }
}

/** The API's answer where there is one, else everything the error carries. */
function saidBy(payload: JsonObject, { type, message }: { type: string; message: string }): string {
  if (type === 'action-error') return JSON.stringify({ ...payload, message })
  const said = payload['data'] ?? (Object.keys(payload).length > 0 ? payload : message)
  return typeof said === 'string' ? said : JSON.stringify(said)
}
