import type { Report } from '@plumb/protocol'
import { paint } from './paint.js'
import { rootCauseLines, wishLines } from './render-root-causes.js'
import type { TextOptions } from './render-trace.js'
import { wrap } from './wrap.js'

/** The attempts of a run by root cause, and what agents asked for in vain. */
export function renderRunTrace(report: Report, options: TextOptions = {}): string {
  const { columns = 100, color = false } = options
  const style = { columns, paints: paint(color) }
  const diverged = report.rootCauses.reduce((total, { attempts }) => total + attempts.length, 0)
  const head = `Run ${report.run} with ${report.modelLabel}: ${diverged} of ${report.totals.attempts} attempts went astray`
  return [
    ...wrap(head, columns).map(style.paints.bold),
    ...rootCauseLines(report.rootCauses, style),
    ...wishLines(report.wishes, style),
    '',
  ].join('\n')
}
