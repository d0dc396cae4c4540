import type { Divergence, Operation, Receipt } from '@plumb/protocol'
import { answerText, callText, stepsOf, wentWell } from './attempt-clues.js'
import type { AttemptClues } from './attempt-clues.js'

/** An id that no answer had named, and that does not exist; a later call with another id shows it. */
export function guessedId(clues: AttemptClues): Divergence | null {
  for (const receipt of clues.calls) {
    const operation = receipt.response?.status === 404 ? clues.operationOf(receipt) : null
    const found = operation && guessOf(clues, receipt, operation)
    if (found) return found
  }
  return null
}

type Called = Pick<Operation, 'id' | 'path'>

function guessOf(clues: AttemptClues, receipt: Receipt, operation: Called): Divergence | null {
  const same = clues.calls.filter((one) => clues.operationOf(one)?.id === operation.id)
  const earlier = clues.calls.filter((one) => one.sequence < receipt.sequence)
  const later = same.filter((one) => one.sequence > receipt.sequence)
  const id = unheardOf(receipt, operation.path, earlier)
  const right = later.find(wentWell)
  const [sequence, step] = [clues.stepOf(receipt), right && clues.stepOf(right)]
  if (id === null || sequence === null || !right || !step) return null
  // Who has called it with success before asks for a missing one on purpose.
  if (earlier.some((one) => same.includes(one) && wentWell(one))) return null
  const again = later.filter(({ response }) => response?.status === 404)
  return {
    kind: 'guessed-id',
    subject: operation.id,
    sequence,
    premise: `${callText(receipt)} answered ${answerText(receipt)}: the id "${id}" came from no answer of the API.`,
    consequences: stepsOf(clues, again),
    receipts: [receipt, ...again].map((one) => one.id),
    contradiction: {
      sequence: step,
      text: `${callText(right)} answered ${right.response?.status}`,
    },
  }
}

/** A value in the place of a placeholder that no earlier answer contains. */
function unheardOf(receipt: Receipt, path: string, earlier: readonly Receipt[]): string | null {
  const wanted = path.split('/').reverse()
  const called = new URL(receipt.request.url).pathname.split('/').reverse()
  const values = called.filter((_, index) => /^\{.*\}$/.test(wanted[index] ?? ''))
  const answers = earlier.map(({ response }) => response?.body.text ?? '').join('\n')
  return values.map(decodeURIComponent).find((value) => !answers.includes(value)) ?? null
}
