import { batchOf, refusals } from './batch-answers.js'
import { leafName } from './leaves.js'
import type { Call } from './rehearsal.js'
import { jsonOf } from './response-leaves.js'
import { sentThings } from './sent-things.js'

const failureNames =
  /^(errors?|usererrors|partialerrors?|(partial)?failures?|failed(items|records|rows|count|recordcount|putcount|ids)?|(failure|error|rejected)count|num(failed|errors)|rejected|rejections|unprocessed\w*|invalid)$/
/** What a call was given is as much when a part of it is refused. */
const givenNames = /^(total|received|processed|submitted|requested|took|time)/

/** For each way in which the answer can say that one of several things was refused, the bodies that say it. */
export function refusedParts(call: Call): readonly (readonly string[])[] {
  const batch = batchOf(call)
  const single = batch === null ? [] : refusals(batch, call.asked.request.body?.text ?? '')
  const ways = [
    single.map((whole) => JSON.stringify(whole)),
    batch === null ? listedFailure(call) : [],
    refusedPart(call),
  ]
  return ways.filter((bodies) => bodies.length > 0)
}

/** `{ created: [...], errors: [] }`: the first thing goes from where those are that were taken to the failures. */
function listedFailure(call: Call): string[] {
  const sent = sentThings(call)
  const json = call.answer.kind === 'answered' ? jsonOf(call.answer.response.body) : undefined
  if (sent.length === 0 || typeof json !== 'object' || json === null) return []
  const entry = { ...scalarsOf(sent[0]), index: 0, message: 'Invalid value' }
  const told = moved(json, { entry, count: sent.length, depth: 0 })
  return told.failures === 0 ? [] : [JSON.stringify(told.value)]
}

type Refusal = { readonly entry: object; readonly count: number; readonly depth: number }
type Moved = { readonly value: unknown; readonly failures: number }

const deepest = 3

function moved(value: unknown, refusal: Refusal): Moved {
  const { count, depth } = refusal
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    return { value: items.length === count ? items.slice(1) : items, failures: 0 }
  }
  if (typeof value !== 'object' || value === null || depth > deepest) return { value, failures: 0 }
  const members = Object.entries(value).map(([name, member]) => {
    const failure = failureNames.test(leafName([name])) ? filled(member, refusal) : undefined
    if (failure !== undefined) return { name, value: failure, failures: 1 }
    if (member === count && !givenNames.test(leafName([name])))
      return { name, value: count - 1, failures: 0 }
    return { name, ...moved(member, { ...refusal, depth: depth + 1 }) }
  })
  return {
    value: Object.fromEntries(members.map((one) => [one.name, one.value])),
    failures: members.reduce((sum, one) => sum + one.failures, 0),
  }
}

/** What a member that was empty says of one failure; undefined for one that is about something else. */
function filled(member: unknown, { entry }: Refusal): unknown {
  if (Array.isArray(member)) return member.length === 0 ? [entry] : undefined
  if (member === 0) return 1
  if (member === false) return true
  if (typeof member !== 'object' || member === null) return undefined
  return Object.keys(member).length === 0 ? { 0: entry } : undefined
}

function scalarsOf(thing: unknown): object {
  if (typeof thing !== 'object' || thing === null) return { value: thing }
  return Object.fromEntries(Object.entries(thing).filter(([, value]) => typeof value !== 'object'))
}

/** An answer that holds whole HTTP answers, one for each request that was sent: the first of them fails. */
function refusedPart({ answer }: Call): string[] {
  if (answer.kind !== 'answered' || answer.response.body.encoding !== 'utf8') return []
  const { text } = answer.response.body
  if (!/^\s*--/.test(text)) return []
  const parts = text.split(/(?=^--)/m)
  const at = parts.findIndex((part) => /^HTTP\/[\d.]+ 2\d\d/m.test(part))
  const refused = refusedAnswer(parts[at] ?? '')
  return at === -1 ? [] : [parts.map((part, index) => (index === at ? refused : part)).join('')]
}

function refusedAnswer(part: string): string {
  const body = JSON.stringify({ error: { code: 403, message: 'Forbidden' } })
  const [start = '', ...rest] = part.split(/^(?=HTTP\/)/m)
  const [head = ''] = rest.join('').split(/\r?\n\r?\n/)
  const told = head
    .replace(/^(HTTP\/[\d.]+) .*/, '$1 403 Forbidden')
    .replace(/^(content-length:).*/im, `$1 ${body.length}`)
  return `${start}${told}\r\n\r\n${body}\r\n\r\n`
}
