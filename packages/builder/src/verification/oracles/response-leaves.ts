import type { GatewayAnswer, Recording } from '@plumb/runtime'
import { leavesOf, mapLeaves, shapeOf } from './leaves.js'
import type { Leaf, removed } from './leaves.js'
import { pathSteps } from './likely-recording.js'

/** A leaf of a recorded response, with the call that it answered. */
export type ResponseLeaf = Leaf & {
  readonly recording: number
  /** `GET /issues/7`. */
  readonly call: string
  readonly shape: string
}

export function callText({ request }: Recording): string {
  return `${request.method} /${pathSteps(request.url).join('/')}`
}

/** The leaves of every recorded success that is JSON. */
export function responseLeaves(recordings: readonly Recording[]): ResponseLeaf[] {
  return recordings.flatMap((recording, index) => {
    const { answer } = recording
    if (answer.kind === 'failure' || answer.status < 200 || answer.status > 299) return []
    const call = callText(recording)
    return leavesOf(jsonOf(answer.body)).map((leaf) => ({
      ...leaf,
      recording: index,
      call,
      shape: shapeOf(leaf.path),
    }))
  })
}

/** Undefined for a body that is no JSON. */
export function jsonOf(body: { readonly encoding: string; readonly text: string }): unknown {
  if (body.encoding !== 'utf8' || !/^\s*[[{"\d]/.test(body.text)) return undefined
  try {
    return JSON.parse(body.text) as unknown
  } catch {
    return undefined
  }
}

/** The answer with every leaf of its body replaced; an answer that is no JSON stays. */
export function changeAnswer(
  answer: GatewayAnswer,
  change: (leaf: Leaf) => Leaf['value'] | typeof removed,
): GatewayAnswer {
  if (answer.kind !== 'answered') return answer
  const json = jsonOf(answer.response.body)
  if (json === undefined) return answer
  const text = JSON.stringify(mapLeaves(json, change))
  return { ...answer, response: { ...answer.response, body: { encoding: 'utf8', text } } }
}
