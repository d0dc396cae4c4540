import type { RootCauseGroup, UnmetWish } from '@plumb/protocol'
import { formatCount, formatSeconds } from './format-amount.js'
import type { Paint } from './paint.js'
import { wrap } from './wrap.js'

type Style = { readonly columns: number; readonly paints: Paint }

/** Attempts that a terminal lists under one cause. */
const shownAttempts = 12

/** What the attempts of a run lost time on, one paragraph per cause. */
export function rootCauseLines(groups: readonly RootCauseGroup[], style: Style): string[] {
  if (groups.length === 0) return []
  return ['', style.paints.bold('Root causes'), ...groups.flatMap((one) => groupLines(one, style))]
}

/** `7 attempts lost time on a command that does not exist`. */
export function lostTime({ attempts, title }: RootCauseGroup): string {
  const { length } = attempts
  return `${length} attempt${length === 1 ? '' : 's'} lost time on ${title}`
}

function groupLines(group: RootCauseGroup, { columns, paints }: Style): string[] {
  const { seconds, tokens, subject, premise, attempts } = group
  const shown = attempts.slice(0, shownAttempts)
  const named = shown.map(
    ({ id, interaction, outcome, sequence }) =>
      `${interaction} ${id} #${sequence} ${outcome ?? 'running'}`,
  )
  const rest = attempts.length - shown.length
  const usage = `${formatSeconds(seconds)}, ${formatCount(tokens)} tokens`
  return [
    ...wrap(`${lostTime(group)} (${subject}): ${usage}`, columns, '  ').map(paints.yellow),
    ...wrap(`  ${premise}`, columns, '  '),
    ...named.flatMap((line) => wrap(`  - ${line}`, columns, '    ')).map(paints.dim),
    ...(rest > 0 ? [`  - and ${rest} more`] : []),
  ]
}

/** What agents asked their tools for and did not get. */
export function wishLines(wishes: readonly UnmetWish[], { columns, paints }: Style): string[] {
  if (wishes.length === 0) return []
  const lines = wishes.flatMap(({ asked, count, nearest, attempts }) => {
    const answer = nearest === null ? 'nothing like it' : `nearest: ${nearest}`
    const of = `${attempts.length} attempt${attempts.length === 1 ? '' : 's'}`
    return wrap(`  ${count} x ${asked} (${of}; ${answer})`, columns, '      ')
  })
  return ['', paints.bold('Asked for, and not there'), ...lines]
}
