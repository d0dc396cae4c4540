import type { TimelineEntry } from '@plumb/protocol'
import { firstLine } from './attempt-steps.js'
import type { Divergence } from './first-divergence.js'
import { modelLabel } from './model-label.js'
import { paint } from './paint.js'
import type { Paint } from './paint.js'
import { timeline } from './timeline.js'
import type { AttemptRecord } from './timeline.js'
import { wrap } from './wrap.js'

export type TextOptions = {
  /** Width of the terminal in characters. Default 100. */
  readonly columns?: number
  /** ANSI colours. Default false. */
  readonly color?: boolean
}

/** A readable timeline of an attempt that marks its first divergence. */
export function renderTrace(record: AttemptRecord, options: TextOptions = {}): string {
  const { columns = 100, color = false } = options
  const style = { columns, paints: paint(color) }
  const { entries, divergence } = timeline(record)
  const { attempt } = record
  const outcome = attempt.verdict?.kind ?? 'running'
  const head = `Attempt ${attempt.id} (number ${attempt.number}) of ${attempt.interactionKey}: ${outcome}`
  const steps = entries.flatMap((entry) => [
    ...entryLines(entry, style),
    ...(entry.divergence && divergence ? divergenceLines(divergence, style) : []),
  ])
  const end = divergence
    ? `First divergence: #${divergence.sequence} (${divergence.kind}).`
    : 'No divergence.'
  return [
    ...wrap(head, columns).map(style.paints.bold),
    ...wrap(`model   ${modelLabel(attempt.model)}`, columns, '        '),
    '',
    ...steps,
    '',
    end,
    ...findingLines(record, columns),
    '',
  ].join('\n')
}

type Style = { readonly columns: number; readonly paints: Paint }

const marks = { ok: '+', failed: 'x', note: ' ' }
const margin = 15

function entryLines(entry: TimelineEntry, { columns, paints }: Style): string[] {
  const place = `${`${entry.seconds.toFixed(1)}s`.padStart(8)} ${`#${entry.sequence}`.padStart(5)} `
  const rows = wrap(`${marks[entry.state]} ${entry.text}`, columns - margin, '  ')
  const colour = tint(entry.state, paints)
  return rows.map((row, index) => (index === 0 ? place : ' '.repeat(margin)) + colour(row))
}

function divergenceLines(
  { premise, consequences }: Divergence,
  { columns, paints }: Style,
): string[] {
  const again = consequences.map((sequence) => `#${sequence}`).join(', ')
  const rows = [
    ...wrap(`>>> first divergence: ${premise}`, columns - margin, '    '),
    ...(again === '' ? [] : wrap(`    same reason again: ${again}`, columns - margin, '    ')),
  ]
  return rows.map((row) => ' '.repeat(margin) + paints.yellow(row))
}

function tint(state: 'ok' | 'failed' | 'note', paints: Paint): (text: string) => string {
  if (state === 'failed') return paints.red
  return state === 'note' ? paints.dim : (text) => text
}

function findingLines({ attempt }: AttemptRecord, columns: number): string[] {
  return (attempt.verdict?.findings ?? []).flatMap(({ behaviour, severity, message }) =>
    wrap(`${severity} ${behaviour}: ${firstLine(message)}`, columns, '  '),
  )
}
