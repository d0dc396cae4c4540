import type { Finding } from '@plumb/protocol'
import { RecordSet } from '@plumb/runtime'
import { keptIds, returned } from './execution-result.js'
import type { InterruptionInput } from './interruption-input.js'
import { leafName, leavesOf } from './leaves.js'
import { leavesAround, listOf, parametersOf } from './page-marks.js'
import type { PageParameter } from './page-marks.js'
import { callsOf, sameRequest } from './rehearsal.js'
import type { Call, TrailEntry } from './rehearsal.js'
import { jsonOf } from './response-leaves.js'

/** Checkpoints of a walk after which the sync is ended: the first and the last. */
const mostMarks = 2

/** Ends a sync between a checkpoint and the records that were read before it: the next run must still bring them. */
export async function endAfterCheckpoints(o: InterruptionInput): Promise<Finding[]> {
  const marks = earlyMarks(o.baseline.trail)
  for (const mark of [...new Set([marks[0], marks.at(-1)])].slice(0, mostMarks)) {
    const found = mark && (await endAfter(o, mark))
    if (found) return [found]
  }
  return []
}

/** A checkpoint, and what was asked before it and had not been saved yet. */
type EarlyMark = {
  /** From 0, over everything that the host was told. */
  readonly told: number
  readonly unsaved: ReadonlyMap<string, Call>
}

function earlyMarks(trail: readonly TrailEntry[]): EarlyMark[] {
  let told = -1
  return trail.flatMap((entry, at) => {
    if (entry.kind !== 'told') return []
    told += 1
    if (entry.method !== 'saveCheckpoint') return []
    const unsaved = readAndUnsaved(callsOf(trail.slice(0, at)), trail.slice(at))
    return unsaved.size === 0 ? [] : [{ told, unsaved }]
  })
}

/** By its id, each record that is saved later, with the call that had it in its list. */
function readAndUnsaved(
  calls: readonly Call[],
  later: readonly TrailEntry[],
): ReadonlyMap<string, Call> {
  const found = new Map<string, Call>()
  for (const id of later.flatMap(savedBy)) {
    const call = calls.find(({ answer }) => answer.kind === 'answered' && textsOf(answer).has(id))
    if (call) found.set(id, call)
  }
  return found
}

type Answered = Extract<Call['answer'], { kind: 'answered' }>

function savedBy(entry: TrailEntry): string[] {
  if (entry.kind !== 'told' || !/^(save|update)Records$/.test(entry.method)) return []
  const records: unknown = Reflect.get(Object(entry.args), 'records')
  if (!Array.isArray(records)) return []
  return records.map((one) => String(Reflect.get(Object(one), 'id')))
}

async function endAfter(o: InterruptionInput, mark: EarlyMark): Promise<Finding | null> {
  const records = new RecordSet()
  const first = await o.rehearsal.run({ crashAfter: mark.told, records })
  const { endCheckpoint } = first.execution
  const second = await o.rehearsal.run({ checkpoint: endCheckpoint, records, lenient: true })
  const calls = callsOf(second.trail)
  if (!returned(second.execution) || calls.some(({ answer }) => answer.kind === 'refused'))
    return null
  const before = new Set(keptIds(first.execution).map(idIn))
  const after = new Set(keptIds(second.execution).map(idIn))
  const lost = [...mark.unsaved].filter(
    ([id]) => !before.has(id) && !(after.has(id) && isBrought(id, calls)),
  )
  const isGuessed = calls.some(({ guessed }) => guessed)
  const sure = lost.filter(([id, call]) => !isGuessed || passedOver(o, call, calls).has(id))
  const ids = sure.map(([id]) => id)
  return ids.length === 0 ? null : finding(o, ids)
}

/** In an answer to what was asked for; a guess says nothing about what the account would answer. */
function isBrought(id: string, calls: readonly Call[]): boolean {
  return calls.some(
    ({ guessed, answer }) => !guessed && answer.kind === 'answered' && textsOf(answer).has(id),
  )
}

/** `Model "id"` without the model. */
function idIn(kept: string): string {
  return String(JSON.parse(kept.slice(kept.indexOf(' ') + 1)))
}

/** What was never recorded is asked for: texts of the things that lie before the place where it begins. */
function passedOver(
  { input }: InterruptionInput,
  brought: Call,
  calls: readonly Call[],
): ReadonlySet<string> {
  const list = listOf(brought)
  const next = calls.find(({ guessed }) => guessed)
  if (next === undefined || list === null) return new Set()
  if (calls.some(({ asked }) => sameRequest(brought.asked.request)(asked.request))) return new Set()
  const before = new Map(parametersOf(brought).map(({ name, value }) => [name, value]))
  const changed = parametersOf(next).filter(({ name, value }) => before.get(name) !== value)
  const around = new Set(leavesAround(list).map(({ value }) => String(value)))
  const isPast = ({ name, value }: PageParameter): boolean =>
    (value.length > 3 && around.has(value)) ||
    isLaterThan(input.recorded.clock.now, value) ||
    (/^page/.test(name) && Number(value) > Number(before.get(name)))
  const passed = changed.some(isPast)
    ? list.items
    : changed.flatMap((one) => itemsBefore(list.items, one, before.get(one.name)))
  return new Set(passed.flatMap((item) => [...textsIn(item)]))
}

/** In a list that is in order: those before the one that has the value, or those whose number does not lie above it. */
function itemsBefore(
  items: readonly unknown[],
  { name, value }: PageParameter,
  old: string | undefined,
): readonly unknown[] {
  if (!isNumber(value)) {
    const at = items.findLastIndex((item) => value.length > 3 && textsIn(item).has(value))
    return items.slice(0, Math.max(at, 0))
  }
  if (/^(offset|skip|start|startat|startindex|from)$/.test(name))
    return items.slice(0, Math.max(Number(value) - Number(old ?? 0), 0))
  return items.filter((item) => {
    const place = placeOf(item, name)
    return place !== null && place > Number(old ?? 0) && place <= Number(value)
  })
}

/** The number by which a thing has its place: `seq` for `after_seq`, or else its id. */
function placeOf(item: unknown, name: string): number | null {
  const numbers = leavesOf(item).filter(({ value }) => isNumber(String(value)))
  const named = numbers.find(
    ({ path }) => leafName(path).length > 2 && name.includes(leafName(path)),
  )
  const isTime = /since|time|date|modified|updated|created/.test(name)
  const id = numbers.find(({ path }) => path.length === 1 && leafName(path) === 'id')
  const place = named ?? (isTime ? undefined : id)
  return place === undefined ? null : Number(place.value)
}

function isLaterThan(now: string, value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(value) && Date.parse(value) >= Date.parse(now)
}

function textsOf({ response }: Answered): ReadonlySet<string> {
  return textsIn(jsonOf(response.body))
}

function textsIn(value: unknown): ReadonlySet<string> {
  return new Set(leavesOf(value).map((leaf) => String(leaf.value)))
}

function isNumber(text: string): boolean {
  return /^\d{1,12}$/.test(text)
}

function finding({ input }: InterruptionInput, lost: readonly string[]): Finding {
  return {
    check: 'crash-resume',
    behaviour: 'E5',
    severity: 'reject',
    message: `Ended between saveCheckpoint and the saving of what was read before it, and started again, the sync never saves ${lost.length} record(s) (id ${lost[0] ?? ''}).`,
    remedy: 'Call batchSave first, and saveCheckpoint after it.',
    pointer: input.recorded.pointer,
  }
}
