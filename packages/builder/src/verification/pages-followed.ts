import type { Execution, Finding, Receipt } from '@plumb/protocol'
import { answerOf } from '../reading/answer-of.js'
import { dryRunCalls } from './dry-run-calls.js'
import { madeUpPages, pageCount } from './made-up-pages.js'
import { oracleInputOf } from './oracle-checks.js'
import { pathSteps } from './oracles/likely-recording.js'
import { leafName, leavesOf } from './oracles/leaves.js'
import type { OracleInput } from './oracles/oracle.js'
import { callsOf, openRehearsal } from './oracles/rehearsal.js'
import type { Call } from './oracles/rehearsal.js'
import type { Check, CheckInput } from './verification-input.js'

/** Does a sync read on for as long as the API says that there is more? */
export const pagesFollowed: Check = {
  name: 'pages-followed',
  run: async (input) => {
    if (input.compiled?.definition.kind !== 'sync') return []
    const stopped = input.dryRuns.flatMap((run) => stoppedEarly(input, run))
    if (stopped.length > 0) return stopped.slice(0, 1)
    const asked = oracleInputOf(input)
    return asked ? walksAll(asked, /\b(for|while|paginate)\b/.test(input.source)) : []
  },
}

/** In the account itself: the last answer of a list said that there is another page. */
function stoppedEarly(input: CheckInput, run: Execution): Finding[] {
  // A run that keeps its place goes on with the next page when it runs again.
  if (run.endCheckpoint !== null) return []
  const last = new Map<string, Receipt>()
  for (const { receipt } of dryRunCalls(input)) {
    if (receipt.executionId !== run.id) continue
    last.set(`${receipt.request.method} ${new URL(receipt.request.url).pathname}`, receipt)
  }
  return [...last].flatMap(([name, receipt]) =>
    saysMore(receipt)
      ? [
          finding(
            `The last answer of ${name} said that there is another page, and it was not read.`,
            {
              kind: 'receipt',
              receiptId: receipt.id,
            },
          ),
        ]
      : [],
  )
}

const moreNames = /^(hasmore|hasnextpage|morerecords|moreresults)$/
const nextNames = /^next(page|pagetoken|cursor|pagecursor|pageurl|url|link|href)?$/

function saysMore(receipt: Receipt): boolean {
  const link = Object.entries(receipt.response?.headers ?? {}).find(([name]) =>
    /^link$/i.test(name),
  )
  if (link && /rel="?next"?/.test(link[1])) return true
  const whole = leavesOf(answerOf(receipt)).filter(({ path }) =>
    path.every((step) => typeof step === 'string'),
  )
  const more = whole.find(
    ({ path, value }) => moreNames.test(leafName(path)) && typeof value === 'boolean',
  )
  if (more) return more.value === true
  return whole.some(
    ({ path, value }) =>
      (nextNames.test(leafName(path)) || path.slice(-2).join('.') === 'next.after') &&
      typeof value === 'string' &&
      value.length > 0,
  )
}

/** The same account with many pages. */
async function walksAll(asked: OracleInput, walks: boolean): Promise<Finding[]> {
  const rehearsal = openRehearsal(asked)
  const baseline = await rehearsal.run()
  const lists = callsOf(baseline.trail).map((call) => ({
    call,
    pages: madeUpPages(call, { walks }),
  }))
  const first = lists.find(({ pages }) => pages !== null)
  if (!first?.pages || baseline.execution.outcome.kind !== 'returned') return []
  // Lists within lists are walked for each item of the outer one.
  if (new Set(callsOf(baseline.trail).map(nameOf)).size > 1) return []
  const { call, pages } = first
  let page = 0
  const run = await rehearsal.run({
    answer: (one, recorded) =>
      nameOf({ asked: one }) === nameOf(call) ? pages(++page) : recorded(),
  })
  if (run.execution.outcome.kind !== 'returned' || page >= pageCount - 1) return []
  const message = `Of an account with ${pageCount - 1} full pages, the sync read ${page}.`
  return [finding(message, asked.recorded.pointer)]
}

function nameOf({ asked: { request } }: Pick<Call, 'asked'>): string {
  return `${request.method} /${pathSteps(request.endpoint).join('/')}`
}

function finding(message: string, pointer: Finding['pointer']): Finding {
  return {
    check: pagesFollowed.name,
    behaviour: 'E4',
    severity: 'reject',
    message,
    remedy: 'Walk all pages: `for await (const page of ctx.paginate(...))`.',
    pointer,
  }
}
