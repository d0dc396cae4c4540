import type { ProviderRequest } from '@plumb/protocol'
import { leafName, leavesOf } from './leaves.js'
import type { Leaf, LeafPath } from './leaves.js'
import { listIn } from './list-in-answer.js'
import type { AnswerList } from './list-in-answer.js'
import type { Call } from './rehearsal.js'

/** How a request says which page it wants: a parameter of the query, or a leaf of a JSON body. */
export type PageParameter = { readonly name: string; readonly value: string }

const positionNames =
  /^(offset|skip|start|startat|startindex|from|first|page|pagenumber|pageno|pageindex|page\[number\]|page\[offset\])$/
const sizeNames =
  /^(limit|perpage|pagesize|size|count|max|maxresults|maxrecords|take|top|rows|resultsperpage|first|page\[size\]|page\[limit\])$/
const cursorParameters =
  /^(.*cursor|.*token|after|startingafter|startafter|sinceid|continuation|scrollid|next|page\[after\]|bookmark|marker)$/

/** Everything that a request says beside its path. */
export function parametersOf({ asked }: Call): PageParameter[] {
  return parametersIn(asked.request)
}

export function parametersIn(request: ProviderRequest): PageParameter[] {
  const inEndpoint = [...new URLSearchParams(/\?([^#]*)/.exec(request.endpoint)?.[1] ?? '')]
  const body = request.body?.encoding === 'utf8' ? bodyLeaves(request.body.text) : []
  return [...request.query, ...inEndpoint, ...body].map(([name, value]) => ({
    name: leafName([name]),
    value,
  }))
}

function bodyLeaves(text: string): (readonly [string, string])[] {
  try {
    const leaves = leavesOf(JSON.parse(text) as unknown)
    return leaves.map(({ path, value }) => [leafName(path), String(value)] as const)
  } catch {
    return [...new URLSearchParams(text)]
  }
}

/** The position that a request asks for, when it counts things or pages. */
export function positionOf(call: Call): PageParameter | null {
  const found = parametersOf(call).find(
    ({ name, value }) => positionNames.test(name) && /^\d{1,6}$/.test(value),
  )
  return found ?? null
}

/** How many things a request asks for at once. */
export function sizeOf(call: Call): number | null {
  const position = positionOf(call)
  const found = parametersOf(call).find(
    ({ name, value }) =>
      sizeNames.test(name) && name !== position?.name && /^[1-9]\d{0,3}$/.test(value),
  )
  return found ? Number(found.value) : null
}

/** Whether `later` asks for another page of what `first` asked for, and not for something else. */
export function isNextPage(first: Call, later: Call): boolean {
  const [before, now] = [parametersOf(first), parametersOf(later)]
  const values = new Map(before.map(({ name, value }) => [name, value]))
  const changed = now.filter(({ name, value }) => values.get(name) !== value)
  const gone = before.filter(({ name }) => !now.some((one) => one.name === name))
  const said = new Set(saidAround(first))
  const paging = ({ name, value }: PageParameter): boolean =>
    !isTime(value) &&
    (positionNames.test(name) ? /^\d{1,6}$/.test(value) : cursorParameters.test(name))
  const answered = ({ value }: PageParameter): boolean => value.length > 1 && said.has(value)
  if (changed.length === 0) return false
  return changed.some(paging) || (changed.every(answered) && gone.length === 0)
}

/** What an answer says beside its list, also inside of the links to other pages. */
function saidAround(call: Call): string[] {
  const list = listOf(call)
  if (list === null || call.answer.kind !== 'answered') return []
  const texts = leavesAround(list).map(({ value }) => String(value))
  const links = [...texts, call.answer.response.headers['link'] ?? ''].flatMap((text) =>
    [...text.matchAll(/[?&][^=&#]+=([^&#>]+)/g)].map(([, value = '']) => value),
  )
  return [...texts, ...links]
}

/** Windows of time are no pages of one list. */
function isTime(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}|^1[5-9]\d{8}(\d{3})?$/.test(value)
}

/** Leaves of an answer outside of its list. */
export function leavesAround(list: AnswerList): Leaf[] {
  return leavesOf(list.whole).filter(({ path }) => !isBelow(path, list.path))
}

export function isBelow(path: LeafPath, above: LeafPath): boolean {
  return above.every((step, at) => path[at] === step)
}

export function listOf({ answer }: Call): AnswerList | null {
  return answer.kind === 'answered' ? listIn(answer.response.body) : null
}
