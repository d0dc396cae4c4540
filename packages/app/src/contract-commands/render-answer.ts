import { renderTable } from '../operations/render-table.js'
import type { Terminal } from '../operations/operation.js'

type Row = Readonly<Record<string, unknown>>

/** An answer for a person: lists as tables, the rest as one line per member. */
export function renderAnswer(answer: unknown, { columns }: Terminal): string {
  if (answer === undefined || answer === null) return 'Done.'
  if (typeof answer !== 'object') return shown(answer)
  const entries = Object.entries(answer as Row)
  const blocks = entries
    .filter(([, value]) => isRows(value))
    .map(([name, rows]) => tableOf(name, rows as readonly Row[], columns))
  const lines = entries
    .filter(([, value]) => !isRows(value) && value !== null)
    .map(([name, value]) => (name === 'success' ? 'Done.' : `${name}: ${shown(value)}`))
  return [...blocks, ...lines].join('\n')
}

function isRows(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null)
}

const widest = 48

function tableOf(name: string, rows: readonly Row[], columns: number): string {
  if (rows.length === 0) return `No ${name.replaceAll('_', ' ')}.`
  const named = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const filled = named.filter((key) =>
    rows.some((row) => row[key] !== null && row[key] !== undefined),
  )
  const headings = fitting(filled, rows, columns)
  return renderTable(
    headings.map((key) => key.replaceAll('_', ' ')),
    rows.map((row) => headings.map((key) => cell(row[key]))),
  )
}

/** As many columns as stand side by side, at least three; `--json` has them all. */
function fitting(names: readonly string[], rows: readonly Row[], columns: number): string[] {
  let width = 0
  return names.filter((name, index) => {
    width += Math.max(name.length, ...rows.map((row) => cell(row[name]).length)) + 2
    return index < 3 || width <= columns
  })
}

function cell(value: unknown): string {
  const text = value === null || value === undefined ? '' : shown(value)
  return text.length > widest ? `${text.slice(0, widest - 3)}...` : text
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ')
  return JSON.stringify(value)
}
