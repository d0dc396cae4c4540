import type { Execution, Receipt, TraceEvent } from '@plumb/protocol'
import { attemptSteps } from './attempt-steps.js'
import type { AttemptStep } from './attempt-steps.js'

export type Divergence = {
  readonly kind: 'invented-command' | 'rejected-parameter' | 'repeated-failure' | 'misread-error'
  /** The trace event where the premise first failed. */
  readonly sequence: number
  /** What was believed and is not so, as one sentence. */
  readonly premise: string
  /** Later events that failed for the same reason. */
  readonly consequences: readonly number[]
}

/**
 * The earliest premise that failed: a command that does not exist, a parameter the API does not know, or the first of
 * two failures in a row with one root. The last error of an attempt is often only its consequence. Null: none.
 */
export function firstDivergence(
  trace: readonly TraceEvent[],
  receipts: readonly Receipt[],
  executions: readonly Execution[],
): Divergence | null {
  const steps = attemptSteps(trace, executions).filter(({ state }) => state !== 'note')
  const found = [inventedCommand(steps), rejectedParameter(trace, receipts), repeatedFailure(steps)]
  const sorted = found.filter((one) => one !== null).sort((a, b) => a.sequence - b.sequence)
  return sorted[0] ?? null
}

function inventedCommand(steps: readonly AttemptStep[]): Divergence | null {
  const first = steps.find(({ invented }) => invented)
  if (!first) return null
  const again = steps.filter(({ invented, sequence }) => invented && sequence > first.sequence)
  return {
    kind: 'invented-command',
    sequence: first.sequence,
    premise: `There is no command "${first.what}".`,
    consequences: again.map(({ sequence }) => sequence),
  }
}

/** An answer that names a parameter of the request and says that it is wrong. */
function rejectedParameter(
  trace: readonly TraceEvent[],
  receipts: readonly Receipt[],
): Divergence | null {
  for (const receipt of receipts) {
    const name = refusedName(receipt)
    const event = name === null ? undefined : eventOf(receipt, trace)
    if (name === null || !event) continue
    const again = receipts.filter(
      (later) => later.sequence > receipt.sequence && refusedName(later) === name,
    )
    const consequences = again.flatMap((later) => eventOf(later, trace)?.sequence ?? [])
    const { method, url } = receipt.request
    const premise = `${method} ${new URL(url).pathname} does not take ${JSON.stringify(name)} as it was sent: ${answerText(receipt)}`
    return {
      kind: 'rejected-parameter',
      sequence: event.sequence,
      premise,
      consequences: [...new Set(consequences)],
    }
  }
  return null
}

const complaint =
  /unknown|unexpected|unrecogni[sz]ed|invalid|not (a )?valid|not allowed|unsupported|does not exist|no such/i

function refusedName(receipt: Receipt): string | null {
  const status = receipt.response?.status
  if (status !== 400 && status !== 422) return null
  const text = receipt.response?.body.text ?? ''
  if (!complaint.test(text)) return null
  return (
    sentNames(receipt).find((name) =>
      new RegExp(`\\b${name.replace(/\W/g, '\\$&')}\\b`).test(text),
    ) ?? null
  )
}

function sentNames({ request }: Receipt): string[] {
  const query = [...new URL(request.url).searchParams.keys()]
  const body = [...(request.body?.text ?? '').matchAll(/"([A-Za-z_]\w*)"\s*:/g)].map(
    ([, name = '']) => name,
  )
  return [...query, ...body].filter((name) => name.length > 1)
}

function answerText(receipt: Receipt): string {
  const text = receipt.response?.body.text ?? ''
  const message = /"(?:message|error_description|error|detail)"\s*:\s*"((?:\\.|[^"\\])*)"/.exec(
    text,
  )?.[1]
  return `${receipt.response?.status ?? ''} ${(message ?? text).slice(0, 200)}`.trim()
}

/** The step during which a call was made: the first that ended after the call began. */
function eventOf({ startedAt }: Receipt, trace: readonly TraceEvent[]): TraceEvent | undefined {
  const steps = trace.filter(({ kind }) => kind === 'plumb-called' || kind === 'tool-called')
  return steps.find(({ at }) => at >= startedAt)
}

/** Two failures of the same action with the same root and no success of it between them. */
function repeatedFailure(steps: readonly AttemptStep[]): Divergence | null {
  for (const [index, first] of steps.entries()) {
    if (first.state !== 'failed') continue
    const later = steps.slice(index + 1).filter(({ action }) => action === first.action)
    const end = later.findIndex((step) => step.state === 'ok' || root(step) !== root(first))
    const same = end === -1 ? later : later.slice(0, end)
    if (same.length === 0) continue
    const changed = same.some(({ what }) => what !== first.what)
    return {
      kind: changed ? 'misread-error' : 'repeated-failure',
      sequence: first.sequence,
      premise: `${first.what} failed (${first.detail || 'no reason given'})${changed ? ', and what was changed did not touch the reason.' : ', and was tried again as it was.'}`,
      consequences: same.map(({ sequence }) => sequence),
    }
  }
  return null
}

/** The error with values taken out, so that two wordings of one problem are equal. */
function root({ detail }: AttemptStep): string {
  return detail
    .toLowerCase()
    .replace(/"[^"]*"|'[^']*'/g, '#')
    .replace(/[0-9a-f]{8,}|\d+/g, '#')
    .slice(0, 120)
}
