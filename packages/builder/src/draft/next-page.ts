import type { ApiDescription, Operation, Pagination } from '@plumb/protocol'
import { lastIdPaging } from '../description/last-id-paging.js'
import { deref, propertiesOf, successResponse } from '../description/schema-shape.js'
import type { AnswerMember } from './answer-tree.js'
import { answerAccess } from './answer-tree.js'
import type { ListOutput } from './list-output.js'
import { memberText, quote } from './names.js'
import type { PagingParameters } from './paging-inputs.js'

/** How a list action gets from one page to the next. */
export type NextPage =
  /** The list comes whole, or all pages are walked. */
  | { readonly kind: 'whole' | 'walk' }
  | {
      readonly kind: 'page'
      /** What of the answer says where the next page is. */
      readonly member: AnswerMember | null
      readonly before: readonly string[]
      /** TypeScript for the next cursor, undefined at the end. */
      readonly next: string
    }

export type PagingNames = { readonly cursor: string; readonly limit: string }

export function planNextPage(
  description: ApiDescription,
  operation: Operation,
  from: { output: ListOutput; paging: PagingParameters; names: PagingNames },
): NextPage {
  const { pagination } = operation
  const { cursor } = from.paging
  if (pagination === null) return lastIdPage(description, operation, from.output)
  if (from.output.cursor === null || cursor === null) return { kind: 'walk' }
  if (pagination.type === 'cursor') return cursorPage(description, operation, pagination)
  if (pagination.type === 'link') return linkPage(pagination, cursor)
  return offsetPage(pagination, from)
}

function lastIdPage(
  description: ApiDescription,
  operation: Operation,
  output: ListOutput,
): NextPage {
  const paging = lastIdPaging(description, operation)
  if (paging === null || output.cursor === null) return { kind: 'whole' }
  return {
    kind: 'page',
    member: { path: [paging.moreField], zod: 'z.boolean()' },
    before: ['const last = items.at(-1)'],
    next: `answer${memberText(paging.moreField)} && last !== undefined ? String(last.id) : undefined`,
  }
}

type Of<Type extends Pagination['type']> = Extract<Pagination, { type: Type }>

function cursorPage(
  description: ApiDescription,
  operation: Operation,
  pagination: Of<'cursor'>,
): NextPage {
  const path = pagination.cursor_path_in_response.split('.')
  const isNumber = /integer|number/.test(JSON.stringify(typeAt(description, operation, path)))
  const access = answerAccess('answer', path)
  return {
    kind: 'page',
    member: { path, zod: isNumber ? 'z.number().nullish()' : 'z.string().nullish()' },
    before: [],
    next: isNumber ? `${access}?.toString()` : `${access} || undefined`,
  }
}

function typeAt(
  description: ApiDescription,
  operation: Operation,
  path: readonly string[],
): unknown {
  let schema = deref(successResponse(operation.responses)?.schema ?? {}, description.schemas)
  for (const step of path) {
    schema = deref(propertiesOf(schema, description.schemas)[step], description.schemas)
  }
  return schema.type ?? null
}

function linkPage(pagination: Of<'link'>, cursor: string): NextPage {
  const path = pagination.link_path_in_response_body?.split('.') ?? null
  const next = `next ? (new URL(next, 'https://localhost').searchParams.get(${quote(cursor)}) ?? undefined) : undefined`
  if (path === null) {
    const link = `const next = /<([^>]+)>;[^,]*rel="?next"?/.exec(response.headers.link ?? '')?.[1]`
    return { kind: 'page', member: null, before: [link], next }
  }
  const before = [`const next = ${answerAccess('answer', path)}`]
  return { kind: 'page', member: { path, zod: 'z.string().nullish()' }, before, next }
}

function offsetPage(
  pagination: Of<'offset'>,
  from: { paging: PagingParameters; names: PagingNames },
): NextPage {
  const cursor = `input${memberText(from.names.cursor)}`
  const step = pagination.offset_calculation_method === 'per-page' ? '1' : 'items.length'
  const size = `(input${memberText(from.names.limit)} ?? ${pagination.limit ?? 1})`
  const more = from.paging.limit === null ? 'items.length > 0' : `items.length >= ${size}`
  return {
    kind: 'page',
    member: null,
    before: [`const start = Number(${cursor} ?? ${pagination.offset_start_value ?? 0})`],
    next: `${more} ? String(start + ${step}) : undefined`,
  }
}
