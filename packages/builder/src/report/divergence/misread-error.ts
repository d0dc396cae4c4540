import type { Divergence, Receipt, TraceEvent } from '@plumb/protocol'
import { answerText, callText, shapeOf, stepsOf } from './attempt-clues.js'
import type { AttemptClues } from './attempt-clues.js'

/** What an answer with one of these statuses is not, and the words of somebody who takes it for that. */
type Misreading = {
  readonly statuses: readonly number[]
  readonly means: string
  readonly taken: { readonly for: string; readonly words: RegExp }
}

const missing =
  /\b(not found|doesn'?t exist|does not exist|no such|wrong (id|path|url|endpoint))\b/i
const denied = /\b(permission|scope|forbidden|unauthori[sz]ed|access (is )?denied|not allowed)\b/i

const misreadings: readonly Misreading[] = [
  {
    statuses: [401, 403],
    means: 'access is missing',
    taken: { for: 'a thing that does not exist', words: missing },
  },
  {
    statuses: [404, 410],
    means: 'there is nothing at this address',
    taken: { for: 'missing access', words: denied },
  },
  {
    statuses: [429],
    means: 'there were too many calls',
    taken: { for: 'a thing that does not exist', words: missing },
  },
  {
    statuses: [429],
    means: 'there were too many calls',
    taken: { for: 'missing access', words: denied },
  },
]

/** An error that the agent took for another one: it said so, or it went on as if it were. */
export function misreadError(clues: AttemptClues): Divergence | null {
  for (const [index, receipt] of clues.calls.entries()) {
    const sequence = clues.stepOf(receipt)
    const reading = sequence === null ? null : (said(clues, receipt) ?? acted(clues, index))
    if (sequence === null || reading === null) continue
    const { misreading, step, text, again } = reading
    return {
      kind: 'misread-error',
      subject: `${receipt.response?.status} taken for ${misreading.taken.for}`,
      sequence,
      premise: `${callText(receipt)} answered ${answerText(receipt)}: ${misreading.means}. It was taken for ${misreading.taken.for}.`,
      consequences: stepsOf(clues, again).filter((one) => one !== sequence),
      receipts: [receipt, ...again].map(({ id }) => id),
      contradiction: { sequence: step, text },
    }
  }
  return null
}

type Reading = {
  readonly misreading: Misreading
  readonly step: number
  readonly text: string
  /** Further calls that were made because of it. */
  readonly again: readonly Receipt[]
}

function misreadingsOf({ response }: Receipt): Misreading[] {
  return misreadings.filter(({ statuses }) => statuses.includes(response?.status ?? 0))
}

/** What the agent said about it, before it made another call. */
function said(clues: AttemptClues, receipt: Receipt): Reading | null {
  const from = clues.stepOf(receipt) ?? Infinity
  const next = clues.calls.map((later) => clues.stepOf(later) ?? 0).find((step) => step > from)
  const messages = clues.trace.filter(
    (event) => event.sequence > from && event.sequence < (next ?? Infinity),
  )
  for (const misreading of misreadingsOf(receipt)) {
    for (const event of messages) {
      const words = event.kind === 'message' ? wrongWords(event, misreading, receipt) : null
      if (words === null) continue
      const text = `the agent speaks of ${misreading.taken.for}: "${words}"`
      return { misreading, step: event.sequence, text, again: [] }
    }
  }
  return null
}

type Message = Extract<TraceEvent, { kind: 'message' }>

/** Who names the status, or weighs both readings, has read it. */
function wrongWords(
  { role, text }: Message,
  { taken }: Misreading,
  { response }: Receipt,
): string | null {
  if (role !== 'assistant' || text.includes(String(response?.status))) return null
  if (missing.test(text) && denied.test(text)) return null
  return taken.words.exec(text)?.[0] ?? null
}

const further = 2

/** Refused, and then the same operation with other ids again and again: it was searched for what is not missing. */
function acted(clues: AttemptClues, index: number): Reading | null {
  const receipt = clues.calls[index]
  const [misreading] = receipt ? misreadingsOf(receipt) : []
  if (!receipt || !misreading || misreading.taken.words !== missing) return null
  const again = clues.calls
    .slice(index + 1)
    .filter(
      (later) =>
        later.response?.status === receipt.response?.status &&
        shapeOf(later) === shapeOf(receipt) &&
        later.request.url !== receipt.request.url,
    )
  const last = again.at(-1)
  const step = last && clues.stepOf(last)
  if (again.length < further || !last || !step) return null
  const text = `${callText(last)}, with another id, was refused in the same way`
  return { misreading, step, text, again }
}
