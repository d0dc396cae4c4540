import type { Finding } from '@plumb/protocol'
import { leavesOf } from './leaves.js'
import type { OracleInput } from './oracle.js'
import { parametersOf } from './page-marks.js'
import { callsOf } from './rehearsal.js'
import type { Rehearsed } from './rehearsal.js'
import { knownIn } from './known-values.js'

const sinceNames =
  /since|after|from|start|begin|updated|modified|changed|created|until|before|end|to$|date|time|query|filter|^q$/

/** A date in a request that is the same at every time, and that neither the input nor an answer says. */
export function fixedDates(
  { recorded }: OracleInput,
  { before, later }: { readonly before: Rehearsed; readonly later: Rehearsed },
): Finding[] {
  const given = [recorded.input, recorded.metadata, recorded.checkpoint]
  const known = knownIn(before, given)
  // A boundary may be counted from any date that was given.
  if (leavesOf(given).some(({ value }) => dateIn(String(value)) !== null)) return []
  const again = new Set(callsOf(later.trail).flatMap((call) => parametersOf(call).map(keyOf)))
  const fixed = callsOf(before.trail)
    .flatMap(parametersOf)
    .find((parameter) => {
      const date = dateIn(parameter.value)
      if (date === null || known.has(date) || known.has(parameter.value)) return false
      if (isWithin(given, date)) return false
      return (
        sinceNames.test(parameter.name) &&
        !/version/.test(parameter.name) &&
        again.has(keyOf(parameter))
      )
    })
  if (!fixed) return []
  return [
    {
      check: 'request-contract',
      behaviour: 'C11',
      severity: 'warn',
      message: `The function asks with "${fixed.name}" as ${fixed.value} at any time, which nobody gave it.`,
      remedy: 'Take such a boundary from the checkpoint, the input or the metadata.',
      pointer: recorded.pointer,
    },
  ]
}

/** Who gives a month, a week or a year leaves its days to be worked out. */
function isWithin(given: unknown, date: string): boolean {
  const year = Number(date.slice(0, 4))
  const years = [year - 1, year, year + 1].map(String)
  return leavesOf(given).some(({ value }) => {
    const said = String(value).match(/(?<!\d)\d{4}(?!\d)/g) ?? []
    return said.some((text) => years.includes(text))
  })
}

function keyOf({ name, value }: { readonly name: string; readonly value: string }): string {
  return `${name}=${value}`
}

/** What is long ago stands for the beginning of everything. */
function dateIn(text: string): string | null {
  const [date, year] = /(\d{4})-\d{2}-\d{2}/.exec(text) ?? []
  return date !== undefined && Number(year) > 2015 ? date : null
}
