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
    .flatMap(([name, value]) => (name === 'success' ? 'Done.' : linesOf(name, value)))
  return [...blocks, ...lines].join('\n')
}

/** The members of an object stand below it, one to a line. */
function linesOf(name: string, value: unknown): string[] {
  if (name === 'credentials') return [`${name}: not shown; --json has them`]
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return [`${name}: ${shown(value)}`]
  const members = Object.entries(value).filter(([, one]) => one !== null)
  if (members.length === 0) return [`${name}: none`]
  return [`${name}:`, ...members.map(([key, one]) => `  ${key}: ${shown(one)}`)]
}

function isRows(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null)
}

/** Characters of a cell: sentences are read, JSON is looked up with `--json`. */
const widest = { text: 160, json: 48 }

function tableOf(name: string, rows: readonly Row[], columns: number): string {
  if (rows.length === 0) return name === 'data' ? 'None.' : `No ${name.replaceAll('_', ' ')}.`
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

/** As many columns as stand side by side, at least three, and what failed before the rest; `--json` has them all. */
function fitting(names: readonly string[], rows: readonly Row[], columns: number): string[] {
  const widthOf = (name: string) =>
    Math.max(name.length, ...rows.map((row) => cell(row[name]).length)) + 2
  let left = columns - (names.includes('error') ? widthOf('error') : 0)
  return names.filter((name, index) => {
    if (name === 'error') return true
    const stands = index < 3 || widthOf(name) <= left
    if (stands) left -= widthOf(name)
    return stands
  })
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = errorCode(value) ?? shown(value)
  const most = typeof value === 'object' ? widest.json : widest.text
  return text.length > most ? `${text.slice(0, most - 3)}...` : text
}

/** In a row there is place for the code of an error alone. */
function errorCode(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('remedy' in value)) return null
  return 'code' in value && typeof value.code === 'string' ? value.code : null
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ')
  return JSON.stringify(value)
}
