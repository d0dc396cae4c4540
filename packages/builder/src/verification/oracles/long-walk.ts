import type { Finding } from '@plumb/protocol'
import { returned } from './execution-result.js'
import type { InterruptionInput } from './interruption-input.js'
import { leavesOf } from './leaves.js'
import { flagOf, pageAt, saysMore } from './many-pages.js'
import type { ManyPages } from './many-pages.js'
import { pathSteps } from './likely-recording.js'
import { leavesAround, isNextPage, listOf, parametersOf, positionOf, sizeOf } from './page-marks.js'
import type { OracleInput } from './oracle.js'
import type { Call, Rehearsed } from './rehearsal.js'
import { boundsIn } from './source-literals.js'

const fewestPages = 6
/** More pages than this are a bound that somebody chose to be safe. */
const mostPages = 40
const mostItems = 1500

/** Does the walk go on for as long as the answers say, further than it was recorded? */
export async function longWalk(o: InterruptionInput, lists: readonly Call[]): Promise<Finding[]> {
  const last = lists.at(-1)
  if (last && saysMore(last)) return keepsPlace(o, last) ? [] : [stopped(o, last)]
  const many = manyPages(o, lists)
  if (many === null) return []
  const path = pathOf(many.first)
  let asks = 0
  const run = await o.rehearsal.run({
    lenient: true,
    answer: ({ request }, recorded) => {
      const steps = `${request.method} /${pathSteps(request.endpoint).join('/')}`
      if (steps !== path && !steps.endsWith(path.split(' ')[1] ?? path)) return recorded()
      asks += 1
      return pageAt(many, asks - 1)
    },
  })
  if (!returned(run.execution) || asks >= many.pages || asks === 0) return []
  if (goesOnLater(run, many)) return []
  return [finding(o, { path, asks, many })]
}

/** The next run goes on with what the last answer handed out. */
function keepsPlace({ baseline }: InterruptionInput, last: Call): boolean {
  const list = listOf(last)
  if (list === null || last.answer.kind !== 'answered') return false
  const handedOut = [
    ...leavesAround(list).map(({ value }) => String(value)),
    ...Object.values(last.answer.response.headers),
  ]
  return leavesOf(baseline.execution.endCheckpoint).some(
    ({ value }) => typeof value === 'string' && value !== '' && handedOut.includes(value),
  )
}

function pathOf({ asked: { request } }: Call): string {
  return `${request.method} /${pathSteps(request.endpoint).join('/')}`
}

function manyPages({ input }: InterruptionInput, lists: readonly Call[]): ManyPages | null {
  const [first, second] = lists
  if (!first || !lists.slice(1).every((call) => isNextPage(first, call))) return null
  const size = second ? (listOf(first)?.items.length ?? 1) : countedSize(first)
  if (size === null) return null
  const cursors = second ? cursorsOf(first, second) : new Set<string>()
  return { first, last: lists.at(-1) ?? first, pages: pagesFor(input, size), size, cursors }
}

/** More than were recorded, and more than any bound that the source names. */
function pagesFor({ compiled }: OracleInput, size: number): number {
  const bounds = boundsIn(compiled).flatMap((bound) => [bound, Math.ceil(bound / size)])
  const named = bounds.filter((bound) => bound <= mostPages).map((bound) => bound + 2)
  const affordable = Math.max(4, Math.floor(mostItems / size))
  return Math.min(Math.max(fewestPages, ...named), affordable)
}

/** One page was recorded: the next is asked for by number, when the request counts, or when the answer has a flag. */
function countedSize(first: Call): number | null {
  const items = listOf(first)?.items.length ?? 0
  if (items === 0) return null
  if (positionOf(first) !== null) return sizeOf(first) ?? items
  return flagOf(first) === 'end' ? items : null
}

/** What the first answer says and the second request repeats. */
function cursorsOf(first: Call, second: Call): Set<string> {
  const list = listOf(first)
  if (list === null) return new Set()
  const asked = new Set(parametersOf(second).map(({ value }) => value))
  const { endpoint } = second.asked.request
  const around = leavesAround(list).map(({ value }) => String(value))
  return new Set(
    around.filter((text) => asked.has(text) || (text.length > 3 && text.includes(endpoint))),
  )
}

/** A checkpoint that says where to go on is as good as going on. */
function goesOnLater({ execution }: Rehearsed, { size }: ManyPages): boolean {
  const { endCheckpoint, calls } = execution
  if (endCheckpoint === null) return false
  const urls = calls.map(({ url }) => decodeURIComponent(url)).join('\n')
  return leavesOf(endCheckpoint).some(({ value }) => {
    if (typeof value === 'number') return value > 0 && (value <= mostPages || value % size === 0)
    return typeof value === 'string' && value !== '' && !isTime(value) && !urls.includes(value)
  })
}

function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(text)
}

/** No need to make up pages: the recording itself has one that was not asked for. */
function stopped({ input }: InterruptionInput, last: Call): Finding {
  const { compiled, recorded } = input
  const isSync = compiled.definition.kind === 'sync'
  // Where things are in the order of time, a walk may end at a date.
  const mayEndAtDate = recorded.checkpoint !== null || /\bDate\b/.test(compiled.code)
  return {
    check: 'crash-resume',
    behaviour: 'E4',
    severity: isSync && !mayEndAtDate ? 'reject' : 'warn',
    message: `${pathOf(last)} said that there is another page, and the function did not read it.`,
    remedy: 'Go on until the answer says that there is no more page.',
    pointer: recorded.pointer,
  }
}

function finding(
  { input }: InterruptionInput,
  { path, asks, many }: { path: string; asks: number; many: ManyPages },
): Finding {
  const isSync = input.compiled.definition.kind === 'sync'
  // A bound that is high may be there to be safe.
  const severity = isSync && asks < 10 ? 'reject' : 'warn'
  return {
    check: 'crash-resume',
    behaviour: 'E4',
    severity,
    message: `${path} had ${many.pages} pages, and the function stopped after ${asks}.`,
    remedy: 'Go on until the answer says that there is no more page.',
    pointer: input.recorded.pointer,
  }
}
