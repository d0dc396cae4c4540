import type { Provider } from '@plumb/protocol'
import { envelopeErrors } from './envelope-errors.js'
import { graphErrors } from './graph-errors.js'
import { jsonOf } from './response-leaves.js'
import type { Call } from './rehearsal.js'
import { sentThings } from './sent-things.js'
import { softFailure } from './soft-error.js'
import type { SoftError } from './soft-error.js'

const flags = /^(ok|success|succeeded|successful|is_?success)$/i

/** The failures that an API of this kind answers with a 200; none where its answers show no way to say so. */
export function softErrorsOf(call: Call, { proxy }: Provider): SoftError[] {
  if (call.answer.kind !== 'answered') return []
  const json = jsonOf(call.answer.response.body)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return []
  const whole: Readonly<Record<string, unknown>> = { ...json }
  const flag = Object.entries(whole).find(
    ([name, value]) => value === true && (flags.test(name) || name === proxy.successPath),
  )
  const flagged = flag ? [flaggedError(flag[0])] : []
  if (/graphql\/?(\?|$)/i.test(call.asked.request.endpoint) && 'data' in whole)
    return [...flagged, ...graphErrors(whole)]
  // What becomes of a part of what was sent is asked for one thing at a time.
  const isBatch = call.write && sentThings(call).length > 0
  return isBatch ? flagged : [...flagged, ...envelopeErrors(whole)]
}

function flaggedError(name: string): SoftError {
  const { code, message } = softFailure
  const body = { [name]: false, error: code, message }
  return { body: JSON.stringify(body), text: `200 with "${name}": false`, sure: true }
}
