import type { GatewayAnswer } from '@plumb/runtime'
import { leafName, leavesOf, mapLeaves } from './leaves.js'
import type { Leaf, LeafValue } from './leaves.js'
import { withAt } from './list-in-answer.js'
import type { AnswerList } from './list-in-answer.js'
import { isBelow, leavesAround, listOf, parametersOf } from './page-marks.js'
import type { Call } from './rehearsal.js'
import { seededRandom, substituteFor } from './substitutes.js'

/** A list that goes on for many pages, made of recorded ones. */
export type ManyPages = {
  /** A call whose answer says that there is more, or can be made to. */
  readonly first: Call
  /** The call whose answer ended the recorded walk. */
  readonly last: Call
  readonly pages: number
  /** How many things are on a full page. */
  readonly size: number
  /** Texts of the first answer by which the second page was asked for. */
  readonly cursors: ReadonlySet<string>
}

const moreNames = /^(hasmore|hasnextpage|hasnext|more|morerecords|ismore|moreavailable|incomplete)$/
const lastNames = /^(done|islast|islastpage|last|complete|finished|isdone)$/
const pageTotals = /^(totalpages|pages|lastpage|pagecount|numpages|pagestotal)$/
const itemTotals =
  /^(total|totalcount|totalitems|totalresults|totalrecords|totalsize|totalelements|nbhits|hits|found|totalhits)$/
const pageNumbers = /^(page|currentpage|pagenumber|pageindex)$/
const idNames = /^(id|uid|uuid|gid|key|name|email|number|ts|code|sku|slug|token)$|id$/

/** The answer for page `at`, from 0; every page but the last says that there is another. */
export function pageAt(many: ManyPages, at: number): GatewayAnswer {
  const isLast = at >= many.pages - 1
  const list = listOf(isLast ? many.last : many.first) ?? listOf(many.first)
  const source = isLast ? many.last : many.first
  if (list === null || source.answer.kind !== 'answered') return many.first.answer
  const model = listOf(many.first) ?? list
  const items = freshItems(model, { count: isLast ? 1 : many.size, at })
  const marked = mapLeaves(list.whole, (leaf) =>
    isBelow(leaf.path, list.path) ? leaf.value : mark(leaf, { many, at, isLast }),
  )
  const text = JSON.stringify(withAt(marked, list.path, items))
  const { response } = source.answer
  const headers = isLast ? response.headers : movedLink(response.headers, at)
  return {
    ...source.answer,
    response: { ...response, headers, body: { encoding: 'utf8', text } },
  }
}

type Place = { readonly many: ManyPages; readonly at: number; readonly isLast: boolean }

function mark({ path, value }: Leaf, { many, at, isLast }: Place): LeafValue {
  const name = leafName(path)
  if (typeof value === 'boolean') {
    if (moreNames.test(name)) return !isLast
    return lastNames.test(name) ? isLast : value
  }
  if (typeof value === 'number') return markNumber({ name, value }, { many, at, isLast })
  if (typeof value !== 'string' || isLast || !many.cursors.has(value)) return value
  return movedCursor(value, at)
}

function markNumber(
  { name, value }: { readonly name: string; readonly value: number },
  { many, at, isLast }: Place,
): number {
  if (pageTotals.test(name)) return many.pages
  if (itemTotals.test(name)) return (many.pages - 1) * many.size + 1
  if (pageNumbers.test(name)) return value + (value <= 1 ? at : 0)
  if (isLast || !many.cursors.has(String(value))) return value
  return value <= 2 ? value + at : value * (at + 1)
}

/** The same cursor twice would look like a walk in a circle. */
function movedCursor(cursor: string, at: number): string {
  if (at === 0) return cursor
  if (/^\d{1,6}$/.test(cursor)) return String(Number(cursor) * (at + 1))
  if (/^(https?:\/)?\//.test(cursor))
    return `${cursor}${cursor.includes('?') ? '&' : '?'}walk=${at}`
  return `${cursor}${at}`
}

function movedLink(headers: Readonly<Record<string, string>>, at: number): Record<string, string> {
  const { link } = headers
  if (link === undefined || at === 0) return { ...headers }
  const moved = link.replace(/<([^>]*)>/g, (_, url: string) => `<${movedCursor(url, at)}>`)
  return { ...headers, link: moved }
}

/** Things like those of the list, with ids of their own. */
function freshItems(
  list: AnswerList,
  { count, at }: { readonly count: number; readonly at: number },
): unknown[] {
  if (at === 0 && count === list.items.length) return [...list.items]
  const random = seededRandom(`page ${at}`)
  const own = ownValues(list)
  return Array.from({ length: count }, (_, index) => {
    const seen = new Map<string, LeafValue>()
    return mapLeaves(list.items[index % list.items.length], ({ path, value }) => {
      if (value === null || typeof value === 'boolean') return value
      if (!own.has(String(value)) && !idNames.test(leafName(path))) return value
      const smallest = at === 1 && index === count - 1 && typeof value === 'number' && value < 1000
      const fresh = seen.get(String(value)) ?? (smallest ? 1 : substituteFor(value, random))
      seen.set(String(value), fresh)
      return fresh
    })
  })
}

/** What only one thing of the list has, dates left out: a walk may stop at a date. */
function ownValues({ items }: AnswerList): Set<string> {
  const counts = new Map<string, number>()
  for (const item of items) {
    for (const text of new Set(leavesOf(item).map(({ value }) => String(value)))) {
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
  }
  const own = [...counts].filter(
    ([text, count]) =>
      count === 1 && text.length > 3 && !/^\d{4}-\d{2}-\d{2}|^1[6-9]\d{8}/.test(text),
  )
  return new Set(items.length > 1 ? own.map(([text]) => text) : [])
}

const nextNames =
  /^(next(pagetoken|cursor|token|page|url|link|offset|pageuri)?|@?odata\.?nextlink|endcursor)$/

/** Whether the last answer that a function asked for says that there is more. */
export function saysMore(call: Call): boolean {
  const list = listOf(call)
  if (list === null || call.answer.kind !== 'answered') return false
  const flag = flagOf(call)
  if (flag !== null) return flag === 'more'
  if (saysMoreInHeader(call, call.answer.response.headers)) return true
  return leavesAround(list).some(
    ({ path, value }) =>
      nextNames.test(leafName(path)) && value !== null && value !== '' && value !== false,
  )
}

const nextHeaders = /(^|-)(next(page|cursor|token|link|url)?|cursor|continuation(token)?)(-|$)/
const otherHeaders = /ratelimit|rate-limit|retry|request|prev|first|last|start|end-/

/** A link to the next page, or a cursor in a header of its own; one that only repeats what was asked for leads nowhere. */
function saysMoreInHeader(call: Call, headers: Readonly<Record<string, string>>): boolean {
  if (/rel="?next/.test(headers['link'] ?? '')) return true
  const asked = new Set(parametersOf(call).map(({ value }) => value))
  return Object.entries(headers).some(([name, value]) => {
    if (!nextHeaders.test(name.toLowerCase()) || otherHeaders.test(name.toLowerCase())) return false
    return !/^\s*(|0|-1|null|none|false|undefined|end)\s*$/i.test(value) && !asked.has(value)
  })
}

/** Whether an answer says by a flag that there is more, or not. */
export function flagOf(call: Call): 'more' | 'end' | null {
  const list = listOf(call)
  if (list === null) return null
  for (const { path, value } of leavesAround(list)) {
    const name = leafName(path)
    if (typeof value !== 'boolean') continue
    if (moreNames.test(name)) return value ? 'more' : 'end'
    if (lastNames.test(name)) return value ? 'end' : 'more'
  }
  return null
}
