import type { JsonSchema, Operation, Pagination, Parameter } from '@plumb/protocol'
import { textOf } from './document.js'
import type { RawOperation } from './raw-operation.js'
import type { ListPlace, Schemas } from './schema-shape.js'
import { deref, findList, isArraySchema, propertiesOf, successResponse } from './schema-shape.js'

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

const requestCursors = new Set(
  (
    'pagetoken cursor after nextcursor nexttoken pagecursor nextpagetoken continuationtoken continuation marker ' +
    'bookmark scrolltoken scrollid startcursor startafter pageafter aftercursor pagingtoken offsettoken ' +
    'paginationtoken exclusivestartkey startkey nextpage'
  ).split(' '),
)
const responseCursors =
  'nextpagetoken nextcursor nexttoken endcursor nextpagecursor continuationtoken nextmarker nextpage cursornext cursor after pagetoken continuation marker bookmark scrollid next paginationtoken lastevaluatedkey'.split(
    ' ',
  )
const offsets = new Set(
  'offset skip start startat startindex from pageoffset firstresult'.split(' '),
)
const pages = new Set('page pagenumber pageno pagenum pageindex currentpage'.split(' '))
const limits = new Set(
  'limit perpage pagesize maxresults maxitems maxcount count first top size resultsperpage pagelimit numresults itemsperpage rows take'.split(
    ' ',
  ),
)

type Field = { readonly name: string; readonly schema: JsonSchema; readonly description: string }
type Request = { readonly fields: readonly Field[]; readonly inBody: boolean }
type Leaf = { readonly path: string; readonly name: string; readonly isUrl: boolean }
type Common = {
  response_path?: string
  limit?: number
  limit_name_in_request?: string
  in_body?: boolean
}

/** How an operation pages, from its parameters and its response, then from the provider's default; or null. */
export function inferPagination(
  operation: RawOperation,
  schemas: Schemas,
  providerDefault?: Pagination,
): Pagination | null {
  const list = findList(operation, schemas)
  if (list === null) return null
  const request = requestOf(operation, schemas)
  if (request === null) return null
  const leaves = leavesOf(operation, schemas)
  const extra = commonOf(request, list)
  return (
    fromProvider(request, extra, providerDefault) ??
    cursor(request, leaves, extra) ??
    link(operation, { request, leaves, extra }) ??
    offset(request, extra)
  )
}

function requestOf(operation: RawOperation, schemas: Schemas): Request | null {
  if (operation.method === 'GET')
    return { fields: queryFields(operation.parameters), inBody: false }
  if (operation.method !== 'POST') return null
  const isQuery = /search|query|list|filter|find/i.test(`${operation.id} ${operation.path}`)
  if (!isQuery) return null
  const fields = bodyFields(operation, schemas)
  const inQuery = queryFields(operation.parameters)
  return fields.length > 0 ? { fields, inBody: true } : { fields: inQuery, inBody: false }
}

function queryFields(parameters: readonly Parameter[]): Field[] {
  return parameters.filter((parameter) => parameter.in === 'query')
}

function bodyFields(operation: RawOperation, schemas: Schemas): Field[] {
  const body = deref(operation.requestBody?.schema, schemas)
  return Object.entries(propertiesOf(body, schemas)).map(([name, schema]) => {
    const plainSchema = deref(schema, schemas)
    return { name, schema: plainSchema, description: textOf(plainSchema.description) }
  })
}

function commonOf(request: Request, list: ListPlace): Common {
  const field = request.fields.find(({ name }) => limits.has(plain(name)))
  const limit = field === undefined ? null : limitOf(field)
  return {
    ...(list.path.length > 0 ? { response_path: list.path.join('.') } : {}),
    ...(field === undefined ? {} : { limit_name_in_request: field.name }),
    ...(limit === null ? {} : { limit }),
    ...(request.inBody ? { in_body: true } : {}),
  }
}

/** A page size the provider is known to accept, at most 100; null when nothing says so. */
function limitOf(field: Field): number | null {
  const { maximum, default: usual } = field.schema
  const told = /max(?:imum)?[^.\d]{0,40}?(\d{1,5})/i.exec(field.description)?.[1]
  const range = /between \d+ and (\d{1,5})/i.exec(field.description)?.[1]
  const most = [maximum, Number(told), Number(range)].find(
    (value) => typeof value === 'number' && Number.isInteger(value) && value > 0,
  )
  if (typeof most === 'number') return Math.min(most, 100)
  return typeof usual === 'number' && Number.isInteger(usual) && usual > 0
    ? Math.min(usual, 100)
    : null
}

function fromProvider(request: Request, extra: Common, given?: Pagination): Pagination | null {
  if (given === undefined) return null
  const names = new Set(request.fields.map(({ name }) => name))
  const fits =
    given.type === 'cursor'
      ? names.has(given.cursor_name_in_request)
      : given.type === 'offset'
        ? names.has(given.offset_name_in_request)
        : request.fields.some(
            ({ name }) => pages.has(plain(name)) || requestCursors.has(plain(name)),
          )
  if (!fits) return null
  const { limit, ...rest } = extra
  return { ...given, ...rest, ...(limit === undefined ? {} : { limit }) }
}

function cursor(request: Request, leaves: readonly Leaf[], extra: Common): Pagination | null {
  const named = request.fields.find(({ name }) => requestCursors.has(plain(name)))
  if (named === undefined) return null
  const texts = leaves.filter(({ isUrl }) => !isUrl)
  const target = responseCursors
    .filter((known) => known !== plain(named.name) || known !== 'nextpage')
    .map((known) => texts.find(({ name }) => plain(name) === known))
    .find((leaf) => leaf !== undefined)
  if (target === undefined) return null
  return {
    type: 'cursor',
    cursor_name_in_request: named.name,
    cursor_path_in_response: target.path,
    ...extra,
  }
}

function link(
  operation: RawOperation,
  found: { request: Request; leaves: readonly Leaf[]; extra: Common },
): Pagination | null {
  if (operation.linkHeader)
    return { type: 'link', link_rel_in_response_header: 'next', ...found.extra }
  const next = found.leaves.find(
    ({ name, isUrl }) =>
      isUrl &&
      /^(next|nextpage|nexturl|nextlink|nextpageurl|nextpageuri|nexthref|nexturi)$/.test(
        plain(name),
      ),
  )
  if (next === undefined) return null
  return { type: 'link', link_path_in_response_body: next.path, ...found.extra }
}

function offset(request: Request, extra: Common): Pagination | null {
  const page = request.fields.find(({ name }) => pages.has(plain(name)))
  if (page !== undefined) {
    const { default: first } = page.schema
    return {
      type: 'offset',
      offset_name_in_request: page.name,
      offset_start_value: first === 0 ? 0 : 1,
      offset_calculation_method: 'per-page',
      ...extra,
    }
  }
  const item = request.fields.find(
    ({ name, schema }) => offsets.has(plain(name)) && isNumber(schema),
  )
  if (item === undefined || extra.limit_name_in_request === undefined) return null
  const { default: first } = item.schema
  return {
    type: 'offset',
    offset_name_in_request: item.name,
    offset_start_value: first === 1 ? 1 : 0,
    offset_calculation_method: 'by-response-size',
    ...extra,
  }
}

function isNumber(schema: JsonSchema): boolean {
  return schema.type === 'integer' || schema.type === 'number'
}

/** Text leaves of the success body that are not inside a list, at most three names deep. */
function leavesOf(operation: Pick<Operation, 'responses'>, schemas: Schemas): Leaf[] {
  const body = deref(successResponse(operation.responses)?.schema ?? {}, schemas)
  return isArraySchema(body) ? [] : collect(body, schemas, [])
}

function collect(schema: JsonSchema, schemas: Schemas, path: readonly string[]): Leaf[] {
  if (path.length >= 3) return []
  return Object.entries(propertiesOf(schema, schemas)).flatMap(([name, raw]) => {
    const value = deref(raw, schemas)
    const here = [...path, name]
    if (isArraySchema(value) || name.includes('.')) return []
    const inner = collect(value, schemas, here)
    if (inner.length > 0) return inner
    return [{ path: here.join('.'), name, isUrl: isUrl(value, name) }]
  })
}

function isUrl(schema: JsonSchema, name: string): boolean {
  if (schema.format === 'uri' || schema.format === 'url') return true
  const told = `${textOf(schema.description)} ${JSON.stringify(schema.example ?? '')}`
  return (
    /(url|uri|link|href)$/i.test(name) ||
    (/^next/i.test(name) && /https?:\/\/|\burl\b|\blink to\b/i.test(told))
  )
}
