import type { Attempt, Finding, ReportedFinding, Waiver } from '@plumb/protocol'
import { findingId } from '../reading/finding-id.js'

/** Findings as they are shown: with their ids, and with the waiver of each. */
export function reportedFindings(
  attemptId: string,
  findings: readonly Finding[],
  waivers: readonly Waiver[],
): ReportedFinding[] {
  return findings.map((finding) => {
    const id = findingId(attemptId, finding)
    return { ...finding, id, waiver: waivers.find((one) => one.findingId === id) ?? null }
  })
}

/** How often findings were waived, per model that wrote the functions. */
export function waiversByModel(
  waivers: readonly Waiver[],
  attempts: readonly Attempt[],
): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { attemptId } of waivers) {
    const model = attempts.find(({ id }) => id === attemptId)?.model ?? 'unknown'
    counts[model] = (counts[model] ?? 0) + 1
  }
  return counts
}
