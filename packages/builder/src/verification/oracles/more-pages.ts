import type { Operation, Pagination } from '@plumb/protocol'
import type { GatewayAnswer } from '@plumb/runtime'
import { createOperationMatcher } from '../../reading/operation-matcher.js'
import { leafName, leavesOf, mapLeaves } from './leaves.js'
import type { LeafPath } from './leaves.js'
import { listIn, withAt } from './list-in-answer.js'
import type { OracleInput } from './oracle.js'
import type { Call } from './rehearsal.js'
import { seededRandom, substituteFor } from './substitutes.js'

const cursor = 'plumbpage2'

/** How an API says that there are more pages: in its body at `path`, or in the link header. */
export type MorePages = {
  readonly kind: 'cursor' | 'link'
  readonly path: LeafPath | null
  /** Who says that the call has pages; the shape of an answer only hints at it. */
  readonly known: boolean
}

const cursorNames =
  /^(next(pagetoken|cursor|token|page|url|link)?|nextsynctoken|endcursor|cursor|after|scrollid|continuationtoken)$/
const moreNames = /^(hasmore|hasnextpage|more|morerecords|ismore)$/

/** What is known about the pages of `call`: its description, the provider's default, or members of the answer. */
export function pagesOf(input: OracleInput, call: Call): MorePages | null {
  if (call.answer.kind !== 'answered') return null
  const usual = input.provider.proxy.paginate ?? null
  const operation = describedOperation(input, call)
  if (operation) return describedPages(operation, usual)
  const fromRules = usual ? fromPagination(usual) : null
  if (usual && fromRules) return { ...fromRules, known: followsRule(call, usual) }
  const found = leavesOf(listIn(call.answer.response.body)?.whole).find(
    ({ path, value }) =>
      cursorNames.test(leafName(path)) &&
      (value === null || value === '') &&
      path.every((step) => typeof step === 'string'),
  )
  return found ? { kind: 'cursor', path: found.path, known: true } : null
}

function describedOperation({ declared, baseUrl }: OracleInput, call: Call): Operation | null {
  const description = declared?.description
  if (!description || !('call' in call.answer)) return null
  const matcher = createOperationMatcher(description, [baseUrl])
  return matcher.match(call.asked.request.method, call.answer.call.url) ?? null
}

/** A provider's default is no promise that every list has pages: one that can be asked for has a parameter for it. */
function describedPages(operation: Operation, usual: Pagination | null): MorePages | null {
  const names = new Set(operation.parameters.map(({ name }) => name))
  const takesPages = usual !== null && parametersOf(usual).some((name) => names.has(name))
  const rule = operation.pagination ?? (takesPages ? usual : null)
  const fromRules = rule ? fromPagination(rule) : null
  return fromRules && { ...fromRules, known: true }
}

/** The call asks for pages as the provider usually has them, or its answer speaks of them. */
function followsRule({ asked: { request }, answer }: Call, rule: Pagination): boolean {
  const names = new Set(parametersOf(rule))
  if (request.query.some(([name]) => names.has(name))) return true
  if (answer.kind !== 'answered') return false
  if (rule.type === 'link' && 'link' in answer.response.headers) return true
  const path = fromPagination(rule)?.path?.join('.')
  const { body } = answer.response
  return leavesOf(listIn(body)?.whole).some((leaf) => leaf.path.join('.') === path)
}

/** Query parameters that ask for a page, by what pagination says and by common use. */
function parametersOf(rule: Pagination): string[] {
  const limit = rule.limit_name_in_request
  const own = rule.type === 'cursor' ? [rule.cursor_name_in_request] : ['page']
  return [...own, ...(limit === undefined ? [] : [limit])]
}

function fromPagination(rule: Pagination): Omit<MorePages, 'known'> | null {
  if (rule.type === 'cursor')
    return { kind: 'cursor', path: rule.cursor_path_in_response.split('.') }
  if (rule.type !== 'link') return null
  const inBody = rule.link_path_in_response_body
  return { kind: 'link', path: inBody === undefined ? null : inBody.split('.') }
}

/** The answer as if it were the first of two pages. */
export function firstOfTwo(
  answer: GatewayAnswer,
  { kind, path }: MorePages,
  call: Call,
): GatewayAnswer {
  if (answer.kind !== 'answered') return answer
  const { response } = answer
  const list = listIn(response.body)
  if (list === null) return answer
  const next = kind === 'link' ? nextLink(call) : cursor
  if (path === null) {
    const headers = { ...response.headers, link: `<${next}>; rel="next"` }
    return { ...answer, response: { ...response, headers } }
  }
  const whole = mapLeaves(withAt(list.whole, path, next), ({ path: at, value }) =>
    moreNames.test(leafName(at)) && typeof value === 'boolean' ? true : value,
  )
  return {
    ...answer,
    response: { ...response, body: { encoding: 'utf8', text: JSON.stringify(whole) } },
  }
}

/** The last page: the same things under other ids. */
export function secondOfTwo(answer: GatewayAnswer): GatewayAnswer {
  if (answer.kind !== 'answered') return answer
  const list = listIn(answer.response.body)
  if (list === null) return answer
  const random = seededRandom('second page')
  const seen = new Map<string, ReturnType<typeof substituteFor>>()
  const others = list.items.slice(0, 3).map((item) =>
    mapLeaves(item, ({ path, value }) => {
      if (!/^(id|uid|uuid|gid|key|name|email|number|ts)$|id$/.test(leafName(path))) return value
      const known = seen.get(String(value)) ?? substituteFor(value, random)
      seen.set(String(value), known)
      return known
    }),
  )
  const text = JSON.stringify(withAt(list.whole, list.path, others))
  return { ...answer, response: { ...answer.response, body: { encoding: 'utf8', text } } }
}

function nextLink({ answer }: Call): string {
  const url = new URL('call' in answer ? answer.call.url : 'https://example.invalid/')
  url.searchParams.set('page', cursor)
  return url.href
}

/** The items are taken out; the cursor stays. */
export function emptied(answer: GatewayAnswer): GatewayAnswer {
  if (answer.kind !== 'answered') return answer
  const list = listIn(answer.response.body)
  if (list === null) return answer
  const text = JSON.stringify(withAt(list.whole, list.path, []))
  return { ...answer, response: { ...answer.response, body: { encoding: 'utf8', text } } }
}
