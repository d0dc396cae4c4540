import { canonicalJson } from '@plumb/protocol'
import type { Execution, Finding } from '@plumb/protocol'
import type { GatewayAnswer } from '@plumb/runtime'
import { keptIds, returned } from './execution-result.js'
import type { InterruptionInput } from './interruption-input.js'
import { leavesOf } from './leaves.js'
import { listIn, withAt } from './list-in-answer.js'
import { listOf } from './page-marks.js'
import { callsOf } from './rehearsal.js'

/** Turns a list around: what is kept of it may depend on what a thing is, not on where it stands. */
export async function keepsByPlace(o: InterruptionInput): Promise<Finding[]> {
  const { baseline, rehearsal, input } = o
  const lists = callsOf(baseline.trail).filter((call) => (listOf(call)?.items.length ?? 0) > 1)
  const last = lists.at(-1)
  const before = keptIds(baseline.execution)
  if (last === undefined || before.length === 0) return []
  const { execution, trail } = await rehearsal.run({
    lenient: true,
    answer: async ({ index }, recorded) => {
      const answer = await recorded()
      return index === last.asked.index ? turned(answer) : answer
    },
  })
  if (!returned(execution) || callsOf(trail).some(({ answer }) => answer.kind === 'refused')) {
    return []
  }
  // Where a later call goes on from the last thing, other calls say other things.
  if (callsOf(trail).length !== callsOf(baseline.trail).length) return []
  const now = new Set(keptIds(execution))
  const lost = before.filter((id) => !now.has(id))
  const { method, endpoint } = last.asked.request
  if (lost.length === 0) {
    if (!isNumbered(baseline.execution, execution)) return []
    return [
      {
        check: 'crash-resume',
        behaviour: 'E6',
        severity: 'reject',
        message: `When the list of ${method} ${endpoint} is in another order, the ids of the records stand for other things: an id is the place in the list.`,
        remedy: 'Take the id from what the API calls the thing.',
        pointer: input.recorded.pointer,
      },
    ]
  }
  return [
    {
      check: 'crash-resume',
      behaviour: 'C6',
      severity: 'warn',
      message: `When the list of ${method} ${endpoint} is in another order, the sync does not keep "${lost[0]}": what it keeps depends on its place.`,
      remedy: 'Keep everything that is listed, or choose by what a thing says.',
      pointer: input.recorded.pointer,
    },
  ]
}

/** The ids are the same, and so is what is kept, but it has changed hands. */
function isNumbered(before: Execution, now: Execution): boolean {
  const [one, other] = [textsById(before), textsById(now)]
  const moved = [...one].filter(([id, texts]) => other.get(id) !== texts)
  const all = (kept: ReadonlyMap<string, string>): string =>
    canonicalJson([...kept.values()].sort())
  // A running number among the fields follows the order as well, but no text does.
  return moved.length > 1 && all(one) === all(other)
}

function textsById({ records }: Execution): Map<string, string> {
  const kept = Object.entries(records).flatMap(([model, { saved }]) =>
    saved.map(({ id, ...content }) => {
      const texts = leavesOf(content).filter(
        ({ value }) => typeof value === 'string' && value !== '',
      )
      return [`${model} ${JSON.stringify(id)}`, canonicalJson(texts)] as const
    }),
  )
  return new Map(kept)
}

function turned(answer: GatewayAnswer): GatewayAnswer {
  if (answer.kind !== 'answered') return answer
  const list = listIn(answer.response.body)
  if (list === null) return answer
  const text = JSON.stringify(withAt(list.whole, list.path, [...list.items].reverse()))
  return { ...answer, response: { ...answer.response, body: { encoding: 'utf8', text } } }
}
