import type { CompiledFunction, Execution } from '@plumb/protocol'
import type { Recording } from '@plumb/runtime'
import { leafName } from './leaves.js'
import type { ResponseLeaf } from './response-leaves.js'
import { pathSteps } from './likely-recording.js'

const pagingNames =
  /^(page|pages|perpage|pagesize|limit|offset|skip|start|startat|startindex|count|.*count|total.*|next.*|size|maxresults|numpages|lastpage|currentpage)$/

/** Numbers that say how far a walk goes, and links that a later call follows: changing them changes the calls. */
export function pagingValues(
  leaves: readonly ResponseLeaf[],
  recordings: readonly Recording[],
): Set<string> {
  const later = new Set(recordings.map(({ request }) => pathSteps(request.url).join('/')))
  return textsOf(leaves, ({ path, value }) => {
    if (typeof value === 'number') return pagingNames.test(leafName(path))
    if (typeof value !== 'string' || !/^(https?:\/)?\//.test(value)) return false
    const steps = pathSteps(value).join('/')
    return [...later].some(
      (asked) => asked !== '' && (steps === asked || steps.endsWith(`/${asked}`)),
    )
  })
}

/** One word, as the members of enumerations are; a name that a person has typed may be one as well. */
export function isWord(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z]{1,24}([_.:/-][A-Za-z]{1,24}){0,3}$/.test(value)
}

/** Values of leaves whose name an error complains about. */
export function blamedValues(leaves: readonly ResponseLeaf[], failed: Execution): Set<string> {
  const names = blamedNames(failed)
  return textsOf(leaves, ({ path }) => names.has(leafName(path)))
}

function blamedNames({ outcome }: Execution): Set<string> {
  if (outcome.kind !== 'threw') return new Set()
  const { message, payload } = outcome.error
  const dotted = Array.isArray(payload)
    ? payload.map((issue: unknown) =>
        typeof issue === 'object' && issue !== null ? String(Reflect.get(issue, 'path')) : '',
      )
    : []
  const listed = [...message.matchAll(/"path":\s*\[([^\]]*)\]/g)].map(([, path = '']) =>
    path.replace(/["\s]/g, '').replaceAll(',', '.'),
  )
  const names = [...dotted, ...listed].map((path) =>
    leafName(
      path
        .split('.')
        .filter((step) => !/^\d+$/.test(step))
        .join('.'),
    ),
  )
  return new Set(names.filter((name) => name !== ''))
}

/** Members of an enumeration that an error names, each with another member of it. */
export function namedAlternatives({ outcome }: Execution): Map<string, string> {
  const found = new Map<string, string>()
  if (outcome.kind !== 'threw') return found
  const text = `${outcome.error.message} ${JSON.stringify(outcome.error.payload) ?? ''}`
  const lists = [
    ...[...text.matchAll(/expected one of ((?:\\*"[^"|]*"\|?)+)/g)].map(([, list = '']) => list),
    ...[...text.matchAll(/"values":\s*\[([^\]]*)\]/g)].map(([, list = '']) => list),
  ]
  for (const list of lists) {
    addEnum(
      [...list.matchAll(/"([^"\\]+)\\*"/g)].map(([, member = '']) => member),
      found,
    )
  }
  return found
}

function addEnum(members: readonly string[], found: Map<string, string>): void {
  for (const [at, text] of members.entries()) {
    const other = members[(at + 1) % members.length]
    if (other !== undefined && other !== text) found.set(text, other)
  }
}

export function textsOf(
  leaves: readonly ResponseLeaf[],
  wanted: (leaf: ResponseLeaf) => boolean,
): Set<string> {
  return new Set(leaves.filter(wanted).map(({ value }) => String(value)))
}

/** For a value that an enumeration of the function's schemas has, another member of it. */
export function enumAlternatives({ definition }: CompiledFunction): Map<string, string> {
  const found = new Map<string, string>()
  collectEnums([definition.outputSchema, definition.models], found)
  return found
}

function collectEnums(schema: unknown, found: Map<string, string>): void {
  if (Array.isArray(schema)) for (const member of schema) collectEnums(member, found)
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return
  const options: unknown = Reflect.get(schema, 'enum')
  if (Array.isArray(options)) {
    addEnum(
      options.filter((option) => typeof option === 'string'),
      found,
    )
  }
  for (const member of Object.values(schema)) collectEnums(member, found)
}
