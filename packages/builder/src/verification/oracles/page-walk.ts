import type { Finding } from '@plumb/protocol'
import { returned, resultOf } from './execution-result.js'
import type { InterruptionInput } from './interruption-input.js'
import { leavesOf } from './leaves.js'
import { longWalk } from './long-walk.js'
import { listIn } from './list-in-answer.js'
import { emptied, firstOfTwo, pagesOf, secondOfTwo } from './more-pages.js'
import type { MorePages } from './more-pages.js'
import { pathSteps } from './likely-recording.js'
import { callsOf } from './rehearsal.js'
import type { Call } from './rehearsal.js'

/** Does the function walk to the last page, also past an empty one? */
export async function walkPages(o: InterruptionInput): Promise<Finding[]> {
  const lists = callsOf(o.baseline.trail).filter(isList)
  const [first] = lists
  if (!first) return []
  const same = lists.filter((call) => samePath(call, first))
  if (same.length > 1) return [...(await longWalk(o, same)), ...(await emptyPage(o, first))]
  if (leavesItToCaller(o)) return []
  const more = pagesOf(o.input, first)
  const told = more === null ? [] : await secondPage(o, { first, more })
  return told.length > 0 ? told : longWalk(o, same)
}

function isList({ answer }: Call): boolean {
  return answer.kind === 'answered' && listIn(answer.response.body) !== null
}

function samePath(one: Call, other: Call): boolean {
  return pathOf(one) === pathOf(other)
}

function pathOf({ asked }: Call): string {
  return `${asked.request.method} ${pathSteps(asked.request.endpoint).join('/')}`
}

/** The recording has one page: a second one is made of it. */
async function secondPage(
  o: InterruptionInput,
  { first, more }: { first: Call; more: MorePages },
): Promise<Finding[]> {
  const path = pathOf(first)
  let asks = 0
  const run = await o.rehearsal.run({
    answer: async ({ index, request }, recorded) => {
      const steps = `${request.method} ${pathSteps(request.endpoint).join('/')}`
      if (index !== first.asked.index && !sameEnd(steps, path)) return recorded()
      asks += 1
      if (asks === 1) return firstOfTwo(await recorded(), more, first)
      return secondOfTwo(first.answer)
    },
  })
  if (!returned(run.execution) || asks !== 1) return []
  const isSync = o.input.compiled.definition.kind === 'sync'
  return [
    {
      check: 'crash-resume',
      behaviour: 'E4',
      severity: isSync && more.known ? 'reject' : 'warn',
      message: `${path} said that there is another page, and the function did not read it.`,
      remedy: 'Walk all pages: `for await (const page of ctx.paginate(...))`.',
      pointer: o.input.recorded.pointer,
    },
  ]
}

/** A link in an answer is an absolute address. */
function sameEnd(one: string, other: string): boolean {
  return one === other || one.endsWith(other.split(' ')[1] ?? other)
}

/** An action that takes or gives a cursor reads one page by design. */
function leavesItToCaller({ input, baseline }: InterruptionInput): boolean {
  const { definition } = input.compiled
  if (definition.kind === 'sync') return false
  const declared = JSON.stringify([definition.inputSchema, definition.outputSchema])
  if (/cursor|page|offset|limit|token|next|has_?more/i.test(declared)) return true
  return leavesOf(resultOf(baseline.execution)).length < 2
}

async function emptyPage(o: InterruptionInput, first: Call): Promise<Finding[]> {
  const run = await o.rehearsal.run({
    answer: async ({ index }, recorded) => {
      const answer = await recorded()
      return index === first.asked.index ? emptied(answer) : answer
    },
  })
  const stopped = callsOf(run.trail).length < callsOf(o.baseline.trail).length
  if (!returned(run.execution) || !stopped || !hasLiveCursor(o, first)) return []
  return [
    {
      check: 'crash-resume',
      behaviour: 'E4',
      severity: 'warn',
      message: `${pathOf(first)} answered an empty page with a cursor to the next, and the function stopped there.`,
      remedy: 'Let the cursor decide whether there is a next page, not the size of the page.',
      pointer: o.input.recorded.pointer,
    },
  ]
}

/** Something that the first page says selects the second. */
function hasLiveCursor({ baseline }: InterruptionInput, first: Call): boolean {
  if (first.answer.kind !== 'answered') return false
  const list = listIn(first.answer.response.body)
  const { link = '' } = first.answer.response.headers
  const outside = leavesOf(list?.whole)
    .filter(
      ({ path }) => !list?.path.every((step, at) => path[at] === step) || list.path.length === 0,
    )
    .map(({ value }) => String(value))
  const asked = callsOf(baseline.trail)
    .filter((call) => call.asked.index > first.asked.index)
    .flatMap(({ asked: { request } }) => [
      request.endpoint,
      ...request.query.map(([, value]) => value),
      request.body?.text ?? '',
    ])
  return (
    outside.some((text) => text.length > 1 && asked.some((one) => one.includes(text))) ||
    link !== ''
  )
}
