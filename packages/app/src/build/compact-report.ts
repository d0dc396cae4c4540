import type { Report } from '@plumb/protocol'

/** A report for programs: every interaction with its outcome, without the history of its attempts. */
export function compactReport(report: Report) {
  const { run, model, modelLabel, totals, perIntegration, rootCauses, wishes, output } = report
  const interactions = report.interactions.map(({ history: _, ...interaction }) => interaction)
  return {
    run,
    model,
    modelLabel,
    interactions,
    totals,
    perIntegration,
    rootCauses,
    wishes,
    output,
  }
}
