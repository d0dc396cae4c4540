import { escaped } from './escaped.js'
import type { MisbehaviourResults, RogueSetResult } from '@plumb/protocol'

const colours = { prevented: '#2da44e', detected: '#0969da', missed: '#cf222e' } as const
const outcomes = ['prevented', 'detected', 'missed'] as const
const row = 18
const left = 110
const width = 640
const bar = width - left - 90

/** An SVG with one bar for each behaviour and set: shares of prevented, detected and missed, and the Wilson interval. */
export function misbehaviourChart({ behaviours }: MisbehaviourResults): string {
  const rows = Object.entries(behaviours).flatMap(([id, { sets }]) =>
    Object.entries(sets).map(([name, set]) => ({ label: `${id} ${name}`, set })),
  )
  const height = (rows.length + 2) * row
  const drawn = rows.map(({ label, set }, at) => drawRow(label, set, (at + 1) * row))
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Outcomes by behaviour" font-family="system-ui, sans-serif" font-size="11" fill="currentColor">
${legend()}
${drawn.join('\n')}
</svg>`
}

function legend(): string {
  return outcomes
    .map(
      (outcome, at) =>
        `<rect x="${left + at * 100}" y="3" width="10" height="10" fill="${colours[outcome]}"/><text x="${left + at * 100 + 14}" y="12">${outcome}</text>`,
    )
    .join('')
}

function drawRow(label: string, set: RogueSetResult, y: number): string {
  const all = set.variants.length
  let x = left
  const parts = outcomes.map((outcome) => {
    const size = (set[outcome] / all) * bar
    const rect = `<rect x="${x.toFixed(1)}" y="${y + 3}" width="${size.toFixed(1)}" height="${row - 6}" fill="${colours[outcome]}"/>`
    x += size
    return set[outcome] === 0 ? '' : rect
  })
  const [low, high] = set.interval.map((share) => (left + share * bar).toFixed(1))
  const middle = y + row / 2
  const interval = `<path d="M${low} ${middle}H${high}M${low} ${middle - 3}v6M${high} ${middle - 3}v6" stroke="currentColor" fill="none"/>`
  const text = `${all - set.missed}/${all}`
  return `<text x="${left - 8}" y="${y + 13}" text-anchor="end">${escaped(label)}</text>${parts.join('')}${interval}<text x="${left + bar + 10}" y="${y + 13}">${text}</text>`
}
