import type { Divergence, Receipt } from '@plumb/protocol'
import { answerText, callText, shapeOf, stepsOf, wentWell } from './attempt-clues.js'
import type { AttemptClues } from './attempt-clues.js'

/** An answer that names a parameter of the request and says that it is wrong; repaired later or not. */
export function rejectedParameter(clues: AttemptClues): Divergence | null {
  for (const receipt of clues.calls) {
    const name = refusedName(receipt)
    const sequence = name === null ? null : clues.stepOf(receipt)
    if (name === null || sequence === null) continue
    const later = clues.calls.filter((one) => one.sequence > receipt.sequence)
    const again = later.filter((one) => refusedName(one) === name)
    const right = later.find((one) => wentWell(one) && shapeOf(one) === shapeOf(receipt))
    const step = right && clues.stepOf(right)
    return {
      kind: 'rejected-parameter',
      subject: `${shapeOf(receipt)}: ${name}`,
      sequence,
      premise: `${callText(receipt)} does not take ${JSON.stringify(name)} as it was sent: ${answerText(receipt)}`,
      consequences: stepsOf(clues, again),
      receipts: [receipt, ...again].map(({ id }) => id),
      contradiction: step
        ? {
            sequence: step,
            text: `${callText(right)}, sent otherwise, answered ${right.response?.status}`,
          }
        : null,
    }
  }
  return null
}

const complaint =
  /unknown|unexpected|unrecogni[sz]ed|invalid|not (an? )|not valid|not allowed|unsupported|does not exist|no such|must (be|have)/i

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
