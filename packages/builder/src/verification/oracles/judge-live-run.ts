import type { Execution, Finding, Receipt } from '@plumb/protocol'
import { succeeded } from '../../reading/succeeded.js'
import { parsed } from './account-call.js'
import { failureText, resultOf, returned } from './execution-result.js'
import { leavesOf, pathText } from './leaves.js'
import type { Leaf } from './leaves.js'
import type { LiveRun } from './live-account.js'
import type { OracleInput } from './oracle.js'
import { leafAt } from './provenance.js'
import type { Call } from './rehearsal.js'
import { isWord } from './steering-values.js'
import { addressTexts, bodyTexts } from './value-origins.js'

export type LiveTrial = {
  readonly input: OracleInput
  /** Writes of the recorded run. */
  readonly writes: readonly Call[]
  /** The recorded run, repeated. */
  readonly baseline: Execution
  readonly ran: LiveRun
}

/** What a run in the account says about the function. */
export function judgeLiveRun(trial: LiveTrial): Finding[] {
  if (!returned(trial.ran.execution)) return [failed(trial)]
  const swallowed = swallowedFailure(trial)
  if (swallowed) return [swallowed]
  return [...withoutWrite(trial), ...staleValues(trial)].slice(0, 3)
}

function failed({ ran }: LiveTrial): Finding {
  return finding(ran.receipts.at(-1) ?? null, {
    behaviour: 'C2',
    severity: 'warn',
    message: `In the account, with another input than that of the dry run, the function fails: ${failureText(ran.execution).slice(0, 300)}`,
    remedy: 'Run it with other inputs, and treat what the account answers there.',
  })
}

/** The call that mattered was refused, and the function says that all went well. */
function swallowedFailure({ input, ran }: LiveTrial): Finding | null {
  const { provider, declared } = input
  const isFine = (receipt: Receipt): boolean =>
    succeeded(receipt, provider, declared?.expectedStatuses)
  const own = ran.receipts.filter(({ purpose }) => purpose === 'verification')
  const refused = own.find(
    (receipt, at) =>
      !isFine(receipt) &&
      (receipt.write || at === own.length - 1) &&
      !own.slice(at + 1).some((later) => isFine(later) && sameCall(later, receipt)),
  )
  if (refused === undefined) return null
  const status = refused.response?.status
  const answered = status === undefined ? 'got no answer' : `was answered with ${status}`
  return finding(refused, {
    behaviour: status === 401 || status === 403 ? 'D1' : 'D2',
    severity: 'reject',
    message: `In the account ${nameOf(refused)} ${answered} and failed, and the function returned a result all the same.`,
    remedy: 'Let the failure of a call be the failure of the function.',
  })
}

function sameCall(one: Receipt, other: Receipt): boolean {
  return nameOf(one) === nameOf(other)
}

function nameOf({ request }: Receipt): string {
  return `${request.method} ${new URL(request.url).pathname}`
}

function withoutWrite({ writes, ran }: LiveTrial): Finding[] {
  if (writes.length === 0 || ran.receipts.some(({ write }) => write)) return []
  return [
    finding(ran.receipts.at(-1) ?? null, {
      behaviour: 'C2',
      severity: 'reject',
      message:
        'With an input that it has not seen the function returns a result without the change that its dry run made.',
      remedy: 'Make the change for every input.',
    }),
  ]
}

/** Values of the dry run in the output of another run, where nothing says them. */
function staleValues(trial: LiveTrial): Finding[] {
  const { ran, input } = trial
  const said = saidIn(ran)
  const recorded = recordedTexts(input)
  const result = resultOf(ran.execution)
  return leavesOf(result).flatMap((leaf) => {
    const text = String(leaf.value)
    if (typeof leaf.value === 'boolean' || text.length < 4 || said.has(text)) return []
    const message = ran.fresh.has(text)
      ? `${JSON.stringify(leaf.value)}, which only the input of the dry run says`
      : recorded.has(text) && !isWord(text) && isSame(leaf, trial.baseline)
        ? `${JSON.stringify(leaf.value)}, which only the recorded answers say`
        : null
    return message === null ? [] : [stale(trial, leaf, message)]
  })
}

function isSame({ path, value }: Leaf, baseline: Execution): boolean {
  return leafAt(resultOf(baseline), path) === value
}

function saidIn({ receipts, execution }: LiveRun): Set<string> {
  const answers = receipts.map(({ response }) => parsed(response?.body.text ?? ''))
  const sent = receipts.flatMap((one) => [...addressTexts(one.request.url), ...bodyTexts(one)])
  return new Set([
    ...leavesOf([answers, execution.input]).map(({ value }) => String(value)),
    ...sent,
  ])
}

function recordedTexts({ recorded }: OracleInput): Set<string> {
  const answers = recorded.recordings.map(({ answer }) =>
    answer.kind === 'response' ? parsed(answer.body.text) : null,
  )
  return new Set(leavesOf(answers).map(({ value }) => String(value)))
}

function stale({ ran }: LiveTrial, leaf: Leaf, what: string): Finding {
  return finding(ran.receipts.at(-1) ?? null, {
    behaviour: ran.fresh.has(String(leaf.value)) ? 'C2' : 'C1',
    severity: 'reject',
    message: `With another input "${pathText(leaf.path)}" of the output is still ${what}.`,
    remedy: 'Take the values of the output from the answers of this run.',
  })
}

function finding(
  receipt: Receipt | null,
  told: Pick<Finding, 'behaviour' | 'severity' | 'message' | 'remedy'>,
): Finding {
  const pointer = receipt === null ? null : ({ kind: 'receipt', receiptId: receipt.id } as const)
  return { check: 'held-out', ...told, pointer }
}
