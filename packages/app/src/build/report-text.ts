import type { Report } from '@plumb/protocol'
import type { Terminal } from '../operations/operation.js'

/** The report for a terminal. The builder is loaded only when there is something to show. */
export async function reportText(report: Report, terminal: Terminal): Promise<string> {
  const { renderReportText } = await import('@plumb/builder')
  return renderReportText(report, terminal)
}
