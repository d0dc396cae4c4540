import type { GatewayAnswer } from '@plumb/runtime'
import { leafName, leavesOf, mapLeaves } from './oracles/leaves.js'
import type { LeafValue } from './oracles/leaves.js'
import { listIn, withAt } from './oracles/list-in-answer.js'
import type { Call } from './oracles/rehearsal.js'

/** How many pages are made up: more than anybody counts to who does not read on. */
export const pageCount = 6

const moreNames = /^(hasmore|hasnextpage|hasnext|more|morerecords|moreresults|ismore)$/
const limitNames = /^(limit|pagesize|perpage|size|count|top|maxresults|first|pagelimit)$/
const totalNames = /^(total|totalcount|totalresults|totalitems|totalrecords|totalsize)$/
const totalPageNames = /^(totalpages|pagecount|lastpage|pages)$/
const placeNames = /^(page|pagenumber|pageno|pageindex|offset|skip|start|startat|startindex|from)$/
const handedOut = /^(next.*|after|cursor|endcursor|continuation.*|pagetoken|link|links)$/
const idNames = /^(id|uid|uuid|gid|key|number|ts|externalid)$/
const mostItems = 200

/**
 * Makes pages of the one that was recorded, all full but the last, which is empty. Null where nothing in the call or its
 * answer says when a page is not the last one. A limit alone says it only of a function that does not walk at all: one
 * that does may be waiting for a link or a cursor, which cannot be made up.
 */
export function madeUpPages(
  first: Call,
  { walks }: { readonly walks: boolean },
): ((page: number) => GatewayAnswer) | null {
  const { answer } = first
  if (answer.kind !== 'answered') return null
  const list = listIn(answer.response.body)
  if (list === null) return null
  const outside = leavesOf(withAt(list.whole, list.path, []))
  // Where the next page is asked for by what the answer hands out, pages that hand out nothing end an honest walk.
  if (outside.some(({ path }) => handedOut.test(leafName(path)))) return null
  const says = outside.some(
    ({ path, value }) => moreNames.test(leafName(path)) && typeof value === 'boolean',
  )
  const limit = numberSent(first, limitNames, 2)
  const counts = limit !== null && (!walks || numberSent(first, placeNames, 0) !== null)
  if (!says && !counts) return null
  const size = Math.min(limit ?? list.items.length, mostItems)
  return (page) => {
    const items = page < pageCount ? itemsOf(list.items, size, page) : []
    const whole = mapLeaves(withAt(list.whole, list.path, []), ({ path, value }) =>
      pageMember(leafName(path), value, { page, size }),
    )
    const text = JSON.stringify(withAt(whole, list.path, items))
    return { ...answer, response: { ...answer.response, body: { encoding: 'utf8', text } } }
  }
}

function pageMember(
  name: string,
  value: LeafValue,
  { page, size }: { readonly page: number; readonly size: number },
): LeafValue {
  if (moreNames.test(name) && typeof value === 'boolean') return page < pageCount
  if (typeof value !== 'number') return value
  if (totalNames.test(name)) return size * (pageCount - 1)
  return totalPageNames.test(name) ? pageCount - 1 : value
}

/** A whole number of the query, of at least `least`, under one of these names. */
function numberSent({ asked: { request } }: Call, names: RegExp, least: number): number | null {
  const [, query = ''] = request.endpoint.split('?')
  const sent = [...request.query, ...new URLSearchParams(query)]
  const given = sent.find(([name]) => names.test(leafName(name)))?.[1]
  const number = given === undefined || given === '' ? NaN : Number(given)
  return Number.isInteger(number) && number >= least ? number : null
}

function itemsOf(items: readonly unknown[], size: number, page: number): unknown[] {
  return Array.from({ length: size }, (_, at) => {
    const place = (page - 1) * size + at
    return mapLeaves(items[at % items.length], ({ path, value }) =>
      path.length === 1 && idNames.test(leafName(path)) ? otherId(value, place) : value,
    )
  })
}

/** Descending, as the ids of the newest are asked for first; ascending ones are never compared by a walk. */
function otherId(value: LeafValue, place: number): LeafValue {
  if (typeof value === 'number') return 900_000 - place
  return typeof value === 'string' ? `${value}${900_000 - place}` : value
}
