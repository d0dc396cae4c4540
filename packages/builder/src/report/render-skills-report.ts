import { formatCost, formatCount, formatSeconds } from './format-amount.js'
import { modelLabel } from './model-label.js'
import { paint } from './paint.js'
import type { Paint } from './paint.js'
import type { TextOptions } from './render-trace.js'
import type { SkillReport } from './skills-report.js'
import { wrap } from './wrap.js'

/** Root causes that are listed for one version. */
const shownCauses = 3

/** How each version of each skill did, the newest version first. */
export function renderSkillsReport(
  reports: readonly SkillReport[],
  options: TextOptions = {},
): string {
  const { columns = 100, color = false } = options
  if (reports.length === 0) return 'No attempts yet. `plumb build` makes some.'
  const paints = paint(color)
  return reports.map((one) => section(one, { columns, paints }).join('\n')).join('\n\n')
}

type Style = { readonly columns: number; readonly paints: Paint }

function section(one: SkillReport, { columns, paints }: Style): string[] {
  const { passRate, attempts, accepted, attemptsPerAccepted } = one
  const head =
    one.version === 'unknown'
      ? 'attempts of which the skills were not kept'
      : `${one.skill} ${one.version.slice(0, 12)}`
  const rate = `${percent(passRate.share)} (${percent(passRate.low)} to ${percent(passRate.high)})`
  const each =
    attemptsPerAccepted === null ? 'none accepted' : `${attemptsPerAccepted.toFixed(2)} attempts`
  const models = one.models.map(modelLabel).join(', ')
  const row = (name: string, text: string): string[] =>
    wrap(`  ${name.padEnd(nameWidth)}${text}`, columns, ' '.repeat(nameWidth + 2))
  return [
    ...wrap(head, columns).map(paints.bold),
    ...row('accepted', `${accepted} of ${attempts} attempts: ${rate}`),
    ...row('otherwise', otherwise(one)),
    ...row('each accepted', each),
    ...row('per attempt', perAttempt(one)),
    ...row('used', `${one.firstUsedAt.slice(0, 10)} to ${one.lastUsedAt.slice(0, 10)}, ${models}`),
    ...one.rootCauses
      .slice(0, shownCauses)
      .flatMap(({ attempts: count, title, subject }) =>
        row('lost time on', `${title} (${subject}): ${count}`),
      )
      .map(paints.yellow),
  ]
}

const nameWidth = 15

function otherwise({ rejected, blocked, exhausted }: SkillReport): string {
  return `${rejected} rejected, ${blocked} blocked, ${exhausted} exhausted`
}

function perAttempt({ tokens, cost, seconds }: SkillReport): string {
  return `${formatCount(tokens)} tokens, ${formatCost(cost)}, ${formatSeconds(seconds)}`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
