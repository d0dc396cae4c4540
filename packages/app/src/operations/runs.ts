import type { Report } from '@plumb/protocol'
import { listRuns } from '@plumb/store'
import type { Database } from '@plumb/store'
import { z } from 'zod'
import { compactReport } from '../build/compact-report.js'
import { reportText } from '../build/report-text.js'
import { withWorkbench } from '../workbench.js'
import { defineOperation } from './operation.js'
import { renderTable } from './render-table.js'

/** `plumb runs`: earlier builds, or one of them in full. */
export const runs = defineOperation({
  name: 'runs',
  summary: 'List earlier builds, or show one with its interactions and attempts',
  input: z.object({
    run: z.string().optional().describe('id of a run'),
    limit: z.coerce.number().int().min(1).max(1000).default(20).describe('how many to list'),
  }),
  positionals: ['run'],
  examples: ['plumb runs', 'plumb runs run_1f0c --json', 'plumb runs --limit 100'],
  run: ({ run, limit }, context) =>
    withWorkbench(context, async ({ db }) =>
      run === undefined
        ? { kind: 'list' as const, runs: (await listRuns(db)).slice(0, limit) }
        : { kind: 'one' as const, report: await reportOf(db, run) },
    ),
  json: (found) =>
    found.kind === 'one'
      ? compactReport(found.report)
      : found.runs.map(({ briefs: _, ...run }) => run),
  text: (found, terminal) => {
    if (found.kind === 'one') return reportText(found.report, terminal)
    if (found.runs.length === 0) return 'No runs yet. `plumb build` makes one.'
    const rows = found.runs.map((run) => [
      run.id,
      run.state,
      run.model,
      run.startedAt,
      run.outputPath,
    ])
    return renderTable(['run', 'state', 'model', 'started', 'output'], rows)
  },
})

async function reportOf(db: Database, run: string): Promise<Report> {
  const { buildReport } = await import('@plumb/builder')
  return buildReport(db, run)
}
