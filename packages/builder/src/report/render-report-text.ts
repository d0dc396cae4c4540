import type { IntegrationReport, InteractionReport, Report, ReportedFinding } from '@plumb/protocol'
import { leftLines } from './left-section.js'
import { formatCost, formatCount, formatSeconds } from './format-amount.js'
import { paint } from './paint.js'
import type { Paint } from './paint.js'
import type { TextOptions } from './render-trace.js'
import { rootCauseLines, wishLines } from './render-root-causes.js'
import { wrap } from './wrap.js'

/** The report for a terminal: a table, totals, and what to do about everything that was not accepted. */
export function renderReportText(report: Report, options: TextOptions = {}): string {
  const { columns = 100, color = false } = options
  const paints = paint(color)
  const { totals } = report
  const usage = `${formatCount(totals.attempts)} attempts, ${formatCount(totals.tokens)} tokens, ${formatCost(totals.cost)}, ${formatSeconds(totals.seconds)}`
  const fold = (text: string, indent = ''): string[] => wrap(text, columns, indent)
  return [
    ...fold(`Run ${report.run}: ${report.state}`).map(paints.bold),
    ...fold(`model   ${report.modelLabel}`, '        '),
    ...fold(`output  ${report.output}`, '        '),
    '',
    ...table(report.interactions, columns, paints),
    '',
    ...fold(outcomes(report)).map(paints.bold),
    ...fold(usage),
    ...claimLines(report).flatMap((line) => fold(line)),
    ...report.perIntegration.flatMap((one) => fold(`  ${integrationText(one)}`, '    ')),
    ...report.interactions.flatMap((one) => notAccepted(one, columns, paints)),
    ...report.interactions.flatMap((one) => warnings(one, columns, paints)),
    ...rootCauseLines(report.rootCauses, { columns, paints }),
    ...wishLines(report.wishes, { columns, paints }),
    ...leftLines(report.left, { columns, paints }),
    '',
  ].join('\n')
}

/** Waivers of the run with their models, and how far agents can be believed. */
function claimLines({ totals, waiversByModel }: Report): string[] {
  const models = Object.entries(waiversByModel).map(([model, count]) => `${model} ${count}`)
  const unborne = totals.claims - totals.honestClaims
  return [
    ...(totals.waivers > 0 ? [`${totals.waivers} waivers (${models.join(', ')})`] : []),
    ...(unborne > 0
      ? [`${unborne} of ${totals.claims} claims of agents are not borne out by the verdict`]
      : []),
  ]
}

function integrationText(one: IntegrationReport): string {
  const unbuilt = one.rejected + one.exhausted
  return `${one.integration}: ${one.accepted} accepted, ${one.blocked} blocked, ${unbuilt} not built, ${formatSeconds(one.seconds)}`
}

function outcomes({ totals }: Report): string {
  const parts = [
    `${totals.accepted} accepted`,
    `${totals.blocked} blocked`,
    `${totals.rejected} rejected`,
    `${totals.exhausted} exhausted`,
    ...(totals.undecided > 0 ? [`${totals.undecided} undecided`] : []),
  ]
  return `${totals.interactions} interactions: ${parts.join(', ')}`
}

const headings = [
  'integration',
  'interaction',
  'outcome',
  'attempts',
  'findings',
  'tokens',
  'cost',
  'time',
]

function table(
  interactions: readonly InteractionReport[],
  columns: number,
  paints: Paint,
): string[] {
  const rows = interactions.map((one) => [
    one.integration,
    one.id,
    outcomeText(one),
    String(one.attempts),
    String(one.findings.length),
    formatCount(one.tokens),
    formatCost(one.cost),
    formatSeconds(one.seconds),
  ])
  // On a narrow terminal the rightmost columns go first; the outcome always stays.
  const shown = visibleColumns([headings, ...rows], columns)
  const widths = shown.map((index) =>
    Math.max(...[headings, ...rows].map((row) => row[index]?.length ?? 0)),
  )
  const line = (row: readonly string[]): string =>
    shown
      .map((index, at) => fit(row[index] ?? '', widths[at] ?? 0, index > 2))
      .join('  ')
      .trimEnd()
  return [
    paints.dim(line(headings)),
    ...rows.map((row, index) => tint(interactions[index], paints)(line(row))),
  ]
}

function visibleColumns(rows: readonly (readonly string[])[], columns: number): number[] {
  const shown: number[] = []
  let used = 0
  for (const index of headings.keys()) {
    const width = Math.max(...rows.map((row) => row[index]?.length ?? 0)) + 2
    if (index > 2 && used + width - 2 > columns) break
    used += width
    shown.push(index)
  }
  return shown
}

function fit(text: string, width: number, right: boolean): string {
  return right ? text.padStart(width) : text.padEnd(width)
}

function outcomeText({ outcome, expected }: InteractionReport): string {
  if (outcome === null) return 'undecided'
  return outcome === 'blocked' && expected === 'blocked' ? 'blocked (expected)' : outcome
}

function tint(one: InteractionReport | undefined, paints: Paint): (text: string) => string {
  if (one?.outcome === 'accepted') return paints.green
  return one?.outcome === one?.expected ? paints.yellow : paints.red
}

function notAccepted(one: InteractionReport, columns: number, paints: Paint): string[] {
  if (one.outcome === 'accepted' || one.outcome === null) return []
  const lines = ['', paints.bold(`${one.integration}/${one.id}: ${outcomeText(one)}`)]
  if (one.cause !== null) lines.push(...wrap(`  why     ${one.cause}`, columns, '          '))
  if (one.remedy !== null) lines.push(...wrap(`  do this ${one.remedy}`, columns, '          '))
  for (const { id, behaviour, severity, waiver } of one.findings)
    if (severity === 'reject')
      lines.push(
        `  finding ${id} ${behaviour}${waiver === null ? '' : ` (waived by ${waiver.by})`}`,
      )
  const last = one.history.at(-1)
  if (last?.divergence)
    lines.push(
      ...wrap(`  trace   ${last.divergence} (plumb trace ${last.id})`, columns, '          '),
    )
  return lines
}

function warnings(one: InteractionReport, columns: number, paints: Paint): string[] {
  if (one.outcome !== 'accepted') return []
  return one.findings
    .filter(({ severity, waiver }) => severity === 'warn' || waiver !== null)
    .flatMap((finding) =>
      wrap(`  note ${one.integration}/${one.id}: ${noteText(finding)}`, columns, '       '),
    )
    .map(paints.dim)
}

function noteText({ behaviour, message, waiver }: ReportedFinding): string {
  const waived = waiver === null ? '' : ` (waived by ${waiver.by}: ${waiver.reason})`
  return `${behaviour} ${message}${waived}`
}
