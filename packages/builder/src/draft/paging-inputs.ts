import type { Operation, Pagination } from '@plumb/protocol'
import { plainName } from './names.js'
import type { ShapeField } from './shape.js'

/** The parameters of an operation that page through its list: the function handles them itself. */
export type PagingParameters = {
  readonly cursor: string | null
  readonly limit: string | null
}

const pageNames =
  /^(page|pagenumber|pageno|cursor|after|pagetoken|offset|start|startat|skip|nextcursor|startingafter|continuationtoken|marker)$/
const limitNames = /^(limit|perpage|pagesize|maxresults|count|top|size|maxitems|take|rows)$/

export function pagingParameters(
  operation: Operation,
  pagination: Pagination | null,
): PagingParameters {
  const query = operation.parameters.filter(({ in: place }) => place === 'query')
  const limit =
    pagination?.limit_name_in_request ??
    query.find(({ name }) => limitNames.test(plainName(name)))?.name ??
    null
  return {
    cursor: cursorOf(
      query.map(({ name }) => name),
      pagination,
    ),
    limit,
  }
}

function cursorOf(names: readonly string[], pagination: Pagination | null): string | null {
  if (pagination?.type === 'cursor') return pagination.cursor_name_in_request
  if (pagination?.type === 'offset') return pagination.offset_name_in_request
  return names.find((name) => pageNames.test(plainName(name))) ?? null
}

/** Whether a parameter only pages (forwards, backwards or by size). */
export function isPaging(name: string, paging: PagingParameters): boolean {
  if (name === paging.cursor || name === paging.limit) return true
  return /^(page|pagenumber|perpage|pagesize|pagetoken|cursor|offset|startingafter|endingbefore|before|synctoken|skip)$/.test(
    plainName(name),
  )
}

export const isCursorName = (name: string): boolean =>
  /^(next)?(cursor|pagetoken|page|offset|nextcursor|pagecursor)$|^next/.test(plainName(name)) ||
  pageNames.test(plainName(name))

export const isLimitName = (name: string): boolean => limitNames.test(plainName(name))

export const cursorField = (name: string): ShapeField => ({
  name,
  shape: { kind: 'string' },
  required: false,
  nullable: false,
  description: 'Where to go on: nextCursor of the page before',
  readOnly: false,
})

export const limitField = (name: string, most: number | undefined): ShapeField => ({
  name,
  shape: { kind: 'integer' },
  required: false,
  nullable: false,
  description: `How many items to return at most${most === undefined ? '' : `; usually up to ${most}`}`,
  readOnly: false,
})
