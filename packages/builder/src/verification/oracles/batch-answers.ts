import { leafName, leavesOf, mapLeaves } from './leaves.js'
import type { Leaf, LeafValue } from './leaves.js'
import { withAt } from './list-in-answer.js'
import type { AnswerList } from './list-in-answer.js'
import { listOf } from './page-marks.js'
import type { Call } from './rehearsal.js'
import { sentThings } from './sent-things.js'

/** The answer to a call that sent several things, which says for each whether it was taken. */
export type Batch = {
  readonly list: AnswerList
  /** The place of a thing that was taken. */
  readonly taken: number
  /** A thing that was refused, where the recording has one. */
  readonly refused: unknown
}

const statusNames = /^(status|statuscode|code|httpstatus|httpstatuscode|httpcode|responsecode)$/
const flagNames = /^(ok|success|succeeded|successful|issuccess|accepted)$/
const errorNames = /^(error|errors|errormessage|errorcode|failure|failurereason)$/

/** What `call` sent and was told of one by one; null for a call that answers as a whole. */
export function batchOf(call: Call): Batch | null {
  const list = listOf(call)
  if (list === null || !isBatch(call, list)) return null
  const outcomes = list.items.map(outcomeOf)
  const taken = outcomes.indexOf('taken')
  if (taken === -1) return null
  return { list, taken, refused: list.items[outcomes.indexOf('refused')] ?? null }
}

function isBatch(call: Call, { items }: AnswerList): boolean {
  if (call.answer.kind === 'answered' && call.answer.response.status === 207) return true
  return sentThings(call).length >= items.length
}

/** An outcome stands in the thing itself, or one step below (`{ index: { status: 201 } }`). */
function outcomeOf(item: unknown): 'taken' | 'refused' | null {
  const told = leavesOf(item)
    .filter(({ path }) => path.length <= 2)
    .map(outcomeIn)
  const lists = errorLists(item).map(([, errors]) => errors.length)
  if (told.includes('refused') || lists.some((count) => count > 0)) return 'refused'
  return told.includes('taken') || lists.includes(0) ? 'taken' : null
}

/** `errors: []` of one thing. */
function errorLists(item: unknown): (readonly [string, readonly unknown[]])[] {
  return Object.entries(membersOf(item)).flatMap(([name, value]) =>
    errorNames.test(leafName([name])) && Array.isArray(value) ? [[name, value] as const] : [],
  )
}

function outcomeIn({ path, value }: Leaf): 'taken' | 'refused' | null {
  const name = leafName(path)
  if (statusNames.test(name)) return outcomeOfStatus(value)
  if (flagNames.test(name) && typeof value === 'boolean') return value ? 'taken' : 'refused'
  if (!errorNames.test(name)) return null
  return value === null || value === '' ? 'taken' : 'refused'
}

function outcomeOfStatus(value: LeafValue): 'taken' | 'refused' | null {
  if (/^(ok|success)$/i.test(String(value))) return 'taken'
  if (/^(error|failed|failure)$/i.test(String(value))) return 'refused'
  const status = /^\d{3}$/.test(String(value)) ? Number(value) : 0
  if (status >= 200 && status < 300) return 'taken'
  return status >= 400 && status < 600 ? 'refused' : null
}

/** The answer with the first thing that was taken refused: with all that it said before, and with what was sent alone. */
export function refusals(batch: Batch, sent: string): readonly unknown[] {
  const { list, taken } = batch
  const item = list.items[taken]
  const forms =
    batch.refused === null ? [marked(item), bare(item, sent)] : [asRefused(item, batch.refused)]
  return forms.map((form) =>
    withAt(
      mapLeaves(list.whole, markWhole),
      list.path,
      list.items.map((one, at) => (at === taken ? form : one)),
    ),
  )
}

/** Bulk answers often say at their top whether anything was refused. */
function markWhole({ path, value }: Leaf): LeafValue {
  const says = path.length === 1 && /^(errors|haserrors)$/.test(leafName(path))
  return says && value === false ? true : value
}

function marked(item: unknown): unknown {
  const failed = mapLeaves(item, (leaf) =>
    leaf.path.length <= 2 && outcomeIn(leaf) === 'taken' ? refusedValue(leaf) : leaf.value,
  )
  const lists = errorLists(item).map(([name]) => [name, [{ message: 'Invalid value' }]] as const)
  return { ...membersOf(failed), ...Object.fromEntries(lists), message: 'Invalid value' }
}

function membersOf(item: unknown): Readonly<Record<string, unknown>> {
  return typeof item === 'object' && item !== null ? { ...item } : {}
}

function refusedValue({ value }: Leaf): LeafValue {
  if (typeof value === 'boolean') return false
  if (typeof value === 'number') return 422
  if (/^\d+$/.test(String(value))) return '422'
  return value === null || value === '' ? 'Invalid value' : 'error'
}

/** Without what an API can only say of a thing that is there. */
function bare(item: unknown, sent: string): unknown {
  const lists = new Set(errorLists(item).map(([name]) => name))
  const kept = Object.entries(membersOf(marked(item))).filter(([name, value]) => {
    if (name === 'message' || lists.has(name)) return true
    if (leavesOf({ [name]: value }).some(isOutcome)) return true
    return typeof value !== 'object' && sent.includes(JSON.stringify(value))
  })
  return Object.fromEntries(kept)
}

function isOutcome(leaf: Leaf): boolean {
  return outcomeIn(leaf) !== null
}

/** What the recorded refusal looks like, about the thing that was taken. */
function asRefused(item: unknown, refused: unknown): unknown {
  const own = membersOf(item)
  const entries = Object.entries(membersOf(refused)).map(([name, value]) => {
    const isMark = leavesOf({ [name]: value }).some(isOutcome)
    return [name, !isMark && name in own ? own[name] : value] as const
  })
  return Object.fromEntries(entries)
}
