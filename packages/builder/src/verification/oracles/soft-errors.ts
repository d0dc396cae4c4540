import type { Provider } from '@plumb/protocol'
import { jsonOf } from './response-leaves.js'
import type { Call } from './rehearsal.js'

/** How an API says with a 200 that a call failed: by a flag in the body, or by the errors of GraphQL. */
export type SoftError = { readonly body: string; readonly text: string }

const flags = /^(ok|success|succeeded|successful|is_?success)$/i

/** The failures that an API of this kind answers with a 200; none where its answers show no way to say so. */
export function softErrorsOf({ asked, answer }: Call, { proxy }: Provider): SoftError[] {
  if (answer.kind !== 'answered') return []
  const json = jsonOf(answer.response.body)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return []
  const errors: SoftError[] = []
  const flag = Object.entries(json).find(
    ([name, value]) => value === true && (flags.test(name) || name === proxy.successPath),
  )
  if (flag) {
    const body = { [flag[0]]: false, error: 'internal_error', message: 'Internal error' }
    errors.push({ body: JSON.stringify(body), text: `200 with "${flag[0]}": false` })
  }
  const isGraph = /graphql\/?(\?|$)/i.test(asked.request.endpoint) && 'data' in json
  if (isGraph) {
    const failed = { message: 'Forbidden', extensions: { code: 'FORBIDDEN' } }
    const body = { data: null, errors: [failed] }
    errors.push({ body: JSON.stringify(body), text: '200 with the errors of GraphQL' })
  }
  return errors
}
