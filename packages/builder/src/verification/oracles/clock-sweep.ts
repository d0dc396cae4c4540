import { canonicalJson } from '@plumb/protocol'
import type { Finding, RunClock } from '@plumb/protocol'
import { failureText, resultOf, returned } from './execution-result.js'
import { leavesOf } from './leaves.js'
import type { Leaf } from './leaves.js'
import type { OracleInput } from './oracle.js'
import { leafAt } from './provenance.js'
import { callsOf } from './rehearsal.js'
import type { Rehearsal, Rehearsed } from './rehearsal.js'
import { numbersIn } from './source-literals.js'
import { givenLeaves } from './vary-given.js'

const dayMs = 86_400_000
/** Numbers of the source that are taken for days and months. */
const mostNamed = 4

/** Ahead, far ahead, long ago, a leap day, and the hour that summer time leaves out. */
function datesFrom({ now }: RunClock): string[] {
  const later = new Date(Date.parse(now) + 400 * dayMs).toISOString()
  return [
    later,
    '2046-11-09T08:00:00.000Z',
    '1999-06-15T12:00:00.000Z',
    '2028-02-29T12:00:00.000Z',
    '2027-03-28T01:30:00.000Z',
  ]
}

/** Every day of a month, every month, weekday and hour; code that names no clock need not be asked. */
function everyDay({ compiled }: OracleInput): string[] {
  if (!/\b(Date|performance)\b/.test(compiled.code)) return []
  return Array.from({ length: 31 }, (_, at) =>
    new Date(Date.UTC(2029, at % 12, at + 1, at % 24, at % 60)).toISOString(),
  )
}

/** Days whose number the source names, on every weekday and in the months that it names: few have both. */
function namedDays({ compiled }: OracleInput): string[] {
  if (!/\bget(UTC)?(Day|Date|Month)\b|toLocale|\bIntl\b/.test(compiled.code)) return []
  const named = numbersIn(compiled)
    .filter((one) => one <= 31)
    .slice(-mostNamed)
  const onWeekdays = named.flatMap((day) =>
    Array.from({ length: 7 }, (_, weekday) => dateOn(day, weekday)),
  )
  const inMonths = named.flatMap((month) =>
    named.flatMap((day) => [Date.UTC(2029, month, day), Date.UTC(2029, month - 1, day)]),
  )
  const times = [...new Set([...onWeekdays.filter((at) => at !== null), ...inMonths])]
  return times.map((at) => new Date(at + 12 * 3_600_000).toISOString())
}

function dateOn(day: number, weekday: number): number | null {
  const months = Array.from({ length: 36 }, (_, month) => Date.UTC(2029, month, day))
  return (
    months.find(
      (at) => new Date(at).getUTCDay() === weekday && new Date(at).getUTCDate() === day,
    ) ?? null
  )
}

/** Runs the function at other dates: answers are the same, so the result must be. */
export async function sweepClock(o: {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
  readonly baseline: Rehearsed
}): Promise<Finding[]> {
  const { clock } = o.input.recorded
  for (const now of [...datesFrom(clock), ...everyDay(o.input), ...namedDays(o.input)]) {
    const run = await o.rehearsal.run({ clock: { ...clock, now }, lenient: true })
    const judged = judge(o.input, { before: o.baseline, run, now })
    if (judged) return [judged]
  }
  return []
}

type Dated = { readonly before: Rehearsed; readonly run: Rehearsed; readonly now: string }

function judge(input: OracleInput, dated: Dated): Finding | null {
  const { before, run, now } = dated
  if (askedUnknown(run)) return null
  const fewer = callsOf(run.trail).length < callsOf(before.trail).length
  if (!returned(run.execution)) {
    const what = `the function fails: ${failureText(run.execution)}`
    return finding(input, { now, what, severity: fewer ? 'reject' : 'warn' })
  }
  const odd = oddLeaf(input, dated)
  if (odd) {
    const what = `the output's "${odd.path.join('.')}" is ${JSON.stringify(odd.value)}, which no answer says`
    return finding(input, { now, what, severity: 'reject' })
  }
  if (sameButDates(dated, input.recorded.clock)) return null
  const what = fewer ? 'the function leaves out calls' : 'the result is another'
  return finding(input, { now, what, severity: fewer ? 'reject' : 'warn' })
}

/** What was asked for depends on the date, and the recording cannot say what the answer would be. */
function askedUnknown({ trail }: Rehearsed): boolean {
  return callsOf(trail).some(({ answer }) => answer.kind === 'refused')
}

/** A text in the result that is neither from an answer, nor given, nor a date of the clock, nor always there. */
function oddLeaf(input: OracleInput, { before, run, now }: Dated): Leaf | null {
  const usual = new Set(leavesOf(resultOf(before.execution)).map(({ value }) => value))
  const answers = callsOf(run.trail).map(({ answer }) =>
    answer.kind === 'answered' ? answer.response.body.text : '',
  )
  const known = [...answers, ...givenLeaves(input).map(({ value }) => String(value))].join('\n')
  const odd = leavesOf(resultOf(run.execution)).find(
    ({ value }) =>
      typeof value === 'string' &&
      value.length > 3 &&
      !usual.has(value) &&
      !known.includes(value) &&
      !hasDate(value, now),
  )
  return odd ?? null
}

/** Texts with the date, or one that is days away from it. */
function hasDate(value: unknown, now: string): boolean {
  return /\d{4}-\d{2}-\d{2}/.test(String(value)) || String(value).includes(now.slice(0, 4))
}

function sameButDates({ before, run, now }: Dated, { now: recorded }: RunClock): boolean {
  const [one, other] = [resultOf(before.execution), resultOf(run.execution)]
  if (canonicalJson(one) === canonicalJson(other)) return true
  const leaves = leavesOf(one)
  if (leaves.length !== leavesOf(other).length) return false
  return leaves.every(({ path, value }) => {
    const later = leafAt(other, path)
    return later === value || isClock(value, recorded) || isClock(later, now)
  })
}

function isClock(value: unknown, now: string): boolean {
  if (typeof value === 'number') {
    const at = Date.parse(now)
    return [at, at / 1000].some((time) => Math.abs(value - time) < 400 * dayMs)
  }
  return hasDate(value, now)
}

function finding(
  { recorded }: OracleInput,
  o: { readonly now: string; readonly what: string; readonly severity: Finding['severity'] },
): Finding {
  return {
    check: 'crash-resume',
    behaviour: 'C9',
    severity: o.severity,
    message: `On ${o.now} and with the same answers, ${o.what}.`,
    remedy:
      'Do not let the date decide what the function does; take dates from the input or the answers.',
    pointer: recorded.pointer,
  }
}
