import type { RootCause, TimelineEntry } from '@plumb/protocol'
import { findingId } from '../reading/finding-id.js'
import type { AttemptRecord } from './attempt-record.js'
import { firstLine } from './attempt-steps.js'
import { rootCauseTitles } from './divergence/premise-kinds.js'
import { formatCount, formatSeconds } from './format-amount.js'
import { modelLabel } from './model-label.js'
import { paint } from './paint.js'
import type { Paint } from './paint.js'
import { timeline } from './timeline.js'
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
  return [
    ...wrap(head, columns).map(style.paints.bold),
    ...wrap(`model   ${modelLabel(attempt.model)}`, columns, '        '),
    '',
    ...steps,
    '',
    ...wrap(divergence ? ending(divergence) : 'No divergence.', columns, '  '),
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

/** `First divergence: #7, an id that was guessed; cost 12 s and 3,000 tokens.` */
function ending({ sequence, kind, seconds, tokens }: RootCause): string {
  const cost = `${formatSeconds(seconds)} and ${formatCount(tokens)} tokens`
  return `First divergence: #${sequence}, ${rootCauseTitles[kind]} (${kind}); cost ${cost}.`
}

function divergenceLines(cause: RootCause, { columns, paints }: Style): string[] {
  const { premise, consequences, contradiction, receipts } = cause
  const again = consequences.map((sequence) => `#${sequence}`).join(', ')
  const told = [
    ...(contradiction ? [`contradicted by #${contradiction.sequence}: ${contradiction.text}`] : []),
    ...(again === '' ? [] : [`same reason again: ${again}`]),
    ...(receipts.length === 0 ? [] : [`receipts: ${receipts.join(', ')}`]),
  ]
  const rows = [
    ...wrap(`>>> first divergence: ${premise}`, columns - margin, '    '),
    ...told.flatMap((line) => wrap(`    ${line}`, columns - margin, '      ')),
  ]
  return rows.map((row) => ' '.repeat(margin) + paints.yellow(row))
}

function tint(state: 'ok' | 'failed' | 'note', paints: Paint): (text: string) => string {
  if (state === 'failed') return paints.red
  return state === 'note' ? paints.dim : (text) => text
}

function findingLines({ attempt }: AttemptRecord, columns: number): string[] {
  return (attempt.verdict?.findings ?? []).flatMap((finding) => {
    const { behaviour, severity, message } = finding
    const id = findingId(attempt.id, finding)
    return wrap(`${severity} ${behaviour}: ${firstLine(message)} (${id})`, columns, '  ')
  })
}
