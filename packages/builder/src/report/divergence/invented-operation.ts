import type { Divergence, Receipt, TraceEvent } from '@plumb/protocol'
import { answerText, callText, shapeOf, stepsOf, wentWell } from './attempt-clues.js'
import type { AttemptClues } from './attempt-clues.js'

/** A call of a path, or the name of an operation, that the API description does not have. */
export function inventedOperation(clues: AttemptClues): Divergence | null {
  const found = [inventedCall(clues), inventedName(clues)].filter((one) => one !== null)
  return found.sort((a, b) => a.sequence - b.sequence)[0] ?? null
}

function inventedCall(clues: AttemptClues): Divergence | null {
  if (clues.givens === null) return null
  const unknown = clues.calls.filter(
    (receipt) => isMissing(receipt) && clues.operationOf(receipt) === null,
  )
  const [first] = unknown
  const sequence = first === undefined ? null : clues.stepOf(first)
  if (first === undefined || sequence === null) return null
  return {
    kind: 'invented-operation',
    subject: shapeOf(first),
    sequence,
    premise: `The API has no ${callText(first)}: its description lists none, and it answered ${answerText(first)}.`,
    consequences: stepsOf(clues, unknown.slice(1)).filter((one) => one !== sequence),
    receipts: unknown.map(({ id }) => id),
    contradiction: describedCallAfter(clues, first),
  }
}

function describedCallAfter(clues: AttemptClues, first: Receipt): Divergence['contradiction'] {
  for (const later of clues.calls) {
    const operation = clues.operationOf(later)
    const step = clues.stepOf(later)
    if (later.sequence <= first.sequence || !wentWell(later) || !operation || !step) continue
    const text = `${operation.id}, which is described, answered ${later.response?.status}`
    return { sequence: step, text }
  }
  return null
}

function isMissing({ response }: Receipt): boolean {
  return response?.status === 404 || response?.status === 405
}

const refusal = /API description has no operation \\?"([^"\\]+)/

function inventedName({ trace, steps }: AttemptClues): Divergence | null {
  const named = trace.flatMap((event) => {
    const name = refusedName(event)
    return name === null ? [] : [{ name, sequence: event.sequence }]
  })
  const [first] = named
  if (!first) return null
  const right = steps.find(
    ({ sequence, state, action }) =>
      sequence > first.sequence && state === 'ok' && action.startsWith('plumb docs'),
  )
  return {
    kind: 'invented-operation',
    subject: first.name,
    sequence: first.sequence,
    premise: `The API description has no operation "${first.name}".`,
    consequences: named.slice(1).map(({ sequence }) => sequence),
    receipts: [],
    contradiction: right ? { sequence: right.sequence, text: `${right.what} names another` } : null,
  }
}

function refusedName(event: TraceEvent): string | null {
  if (event.kind !== 'plumb-called' || event.exitCode === 0) return null
  return refusal.exec(event.summary)?.[1] ?? null
}
