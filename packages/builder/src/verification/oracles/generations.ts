import type { Finding } from '@plumb/protocol'
import { RecordSet } from '@plumb/runtime'
import type { GatewayAnswer } from '@plumb/runtime'
import { openDisguise } from './disguise.js'
import { deletedIds, keptIds, returned } from './execution-result.js'
import type { InterruptionInput } from './interruption-input.js'
import { leavesOf, mapLeaves } from './leaves.js'
import { listIn, withAt } from './list-in-answer.js'
import { emptied } from './more-pages.js'
import { parametersIn } from './page-marks.js'
import { callsOf } from './rehearsal.js'
import type { Rehearsed } from './rehearsal.js'
import { isWord } from './steering-values.js'
import { seededRandom } from './substitutes.js'

/** Runs a sync a second time, when one thing in the account has changed and one is gone. */
export async function secondGeneration(o: InterruptionInput): Promise<Finding[]> {
  const records = new RecordSet()
  const first = await o.rehearsal.run({ records })
  const target = lastList(first)
  if (target === null || keptIds(first.execution).length < 2) return []
  const second = await o.rehearsal.run({
    records,
    lenient: true,
    answer: async ({ index }, recorded) => {
      const answer = await recorded()
      return index === target ? olderBy(answer) : answer
    },
  })
  const gone = goneIds(first, second)
  if (!returned(second.execution) || gone.length !== 1) return []
  const deleted = new Set(deletedIds(second.execution))
  const others = [...deleted].filter(
    (id) => !gone.includes(id) && !deletedIds(first.execution).includes(id),
  )
  if (others.length > 0)
    return [finding(o, 'reject', `the sync deleted "${others[0]}", which is still there`)]
  if (gone.every((id) => deleted.has(id))) return []
  if (tracksDeletes(o, first)) {
    return [finding(o, 'reject', `the sync tracks deletes and did not delete "${gone[0]}"`)]
  }
  const isFull = o.baseline.execution.endCheckpoint === null
  return isFull ? [finding(o, 'warn', `the sync keeps "${gone[0]}" for ever`)] : []
}

/** Runs a sync that begins with its checkpoint, and answers what is asked for since then with what has changed since. */
export async function changedSince(o: InterruptionInput): Promise<Finding[]> {
  const checkpoint = o.baseline.execution.endCheckpoint
  if (checkpoint === null || !tracksDeletes(o, o.baseline)) return []
  const marks = leavesOf(checkpoint)
    .map(({ value }) => String(value))
    .filter((text) => text.length > 3)
  const records = new RecordSet()
  const first = await o.rehearsal.run({ records })
  let filtered: string | null = null
  let changed: GatewayAnswer | null = null
  const second = await o.rehearsal.run({
    ...{ records, checkpoint, lenient: true },
    answer: async ({ request }, recorded) => {
      const own = parametersIn(request).find(({ value }) => marks.includes(value))
      if (own === undefined) return recorded()
      filtered = own.name
      if (changed !== null) return emptied(changed)
      changed = someOf(await recorded())
      return changed
    },
  })
  const before = new Set(deletedIds(first.execution))
  const deleted = deletedIds(second.execution).filter((id) => !before.has(id))
  if (filtered === null || deleted.length === 0) return []
  const what = `the next run asked with "${String(filtered)}" for what has changed since, and deleted ${deleted.length} record(s) that had not changed (${deleted[0] ?? ''})`
  return [{ ...finding(o, 'reject', what), message: `After a complete run ${what}.` }]
}

/** Of what was recorded, two thirds have changed since: a host refuses to delete more than half. */
function someOf(answer: GatewayAnswer): GatewayAnswer {
  if (answer.kind !== 'answered') return answer
  const list = listIn(answer.response.body)
  if (list === null) return answer
  const text = JSON.stringify(
    withAt(list.whole, list.path, list.items.slice(0, Math.ceil((list.items.length * 2) / 3))),
  )
  return { ...answer, response: { ...answer.response, body: { encoding: 'utf8', text } } }
}

function lastList({ trail }: Rehearsed): number | null {
  const lists = callsOf(trail).filter(({ answer }) => {
    if (answer.kind !== 'answered') return false
    return (listIn(answer.response.body)?.items.length ?? 0) > 1
  })
  return lists.at(-1)?.asked.index ?? null
}

/** The last item is gone, and the first has other texts under its id. */
function olderBy(answer: GatewayAnswer): GatewayAnswer {
  if (answer.kind !== 'answered') return answer
  const list = listIn(answer.response.body)
  if (list === null) return answer
  const [first, ...rest] = list.items.slice(0, -1)
  const disguise = openDisguise({
    values: leavesOf(first).map(({ value }) => value),
    kept: new Set(
      leavesOf(first).flatMap(({ path, value }) => (staysSame(path, value) ? [String(value)] : [])),
    ),
    random: seededRandom('second generation'),
  })
  const changed = mapLeaves(first, ({ value }) => disguise.of(value))
  const text = JSON.stringify(withAt(list.whole, list.path, [changed, ...rest]))
  return { ...answer, response: { ...answer.response, body: { encoding: 'utf8', text } } }
}

/** Only texts that people write change from one day to the next. */
function staysSame(path: readonly unknown[], value: unknown): boolean {
  const name = String(path.at(-1))
  return (
    typeof value !== 'string' ||
    isWord(value) ||
    !value.includes(' ') ||
    /(^|_)id$|Id$|key/.test(name)
  )
}

function goneIds(first: Rehearsed, second: Rehearsed): string[] {
  const now = new Set(keptIds(second.execution))
  return keptIds(first.execution).filter((id) => !now.has(id))
}

function tracksDeletes({ input }: InterruptionInput, { trail }: Rehearsed): boolean {
  if (input.compiled.definition.trackDeletes) return true
  return trail.some(
    (entry) => entry.kind === 'told' && /^(trackDeletesStart|deleteUnsaved)/.test(entry.method),
  )
}

function finding(
  { input }: InterruptionInput,
  severity: Finding['severity'],
  what: string,
): Finding {
  return {
    check: 'crash-resume',
    behaviour: 'E6',
    severity,
    message: `When one thing was gone from the account, ${what}.`,
    remedy:
      'Track deletes over a complete walk: trackDeletesStart before the first page, trackDeletesEnd after the last.',
    pointer: input.recorded.pointer,
  }
}
