import { PlumbError } from '@plumb/protocol'
import { getAttempt, listRuns } from '@plumb/store'
import type { Database } from '@plumb/store'
import { z } from 'zod'
import { withWorkbench } from '../workbench.js'
import { defineOperation } from './operation.js'

/** `plumb trace`: where an attempt first went wrong, or what the attempts of a run lost time on. */
export const trace = defineOperation({
  name: 'trace',
  summary: 'Show where an attempt first went wrong, or what the attempts of a run lost time on',
  input: z.object({
    id: z
      .string()
      .optional()
      .describe('an attempt or a run, or the beginning of its id; `plumb runs <run>` lists them'),
    run: z.string().optional().describe('id of a run, or its beginning'),
  }),
  positionals: ['id'],
  examples: [
    'plumb trace att_1f0c',
    'plumb trace att_1f0c --json',
    'plumb trace --run run_77aa',
    'plumb trace run_77aa --json',
  ],
  run: ({ id, run }, context) =>
    withWorkbench(context, async ({ db }) => {
      const { buildReport, readAttemptRecord } = await import('@plumb/builder')
      const runId = run === undefined ? await runOf(db, id) : await runOf(db, run)
      if (runId !== null) return { kind: 'run' as const, report: await buildReport(db, runId) }
      if (run !== undefined) throw noSuchRun(run)
      const attempt = await getAttempt(db, id ?? '')
      return { kind: 'attempt' as const, record: await readAttemptRecord(db, attempt) }
    }),
  json: async (found) => {
    const { reportedFindings, timeline } = await import('@plumb/builder')
    if (found.kind === 'attempt') {
      const { attempt } = found.record
      const findings = reportedFindings(attempt.id, attempt.verdict?.findings ?? [], [])
      return { attempt, ...timeline(found.record), findings }
    }
    const { run, model, totals, rootCauses, wishes } = found.report
    return { run, model, attempts: totals.attempts, rootCauses, wishes }
  },
  text: async (found, terminal) => {
    const { renderRunTrace, renderTrace } = await import('@plumb/builder')
    return found.kind === 'attempt'
      ? renderTrace(found.record, terminal)
      : renderRunTrace(found.report, terminal)
  },
})

/** The run with this id, or the newest one whose id begins so; null when there is none. Throws `usage` without an id. */
async function runOf(db: Database, idOrPrefix: string | undefined): Promise<string | null> {
  if (idOrPrefix === undefined || idOrPrefix === '') throw nothingNamed()
  const runs = await listRuns(db)
  const exact = runs.find(({ id }) => id === idOrPrefix)
  return (exact ?? runs.find(({ id }) => id.startsWith(idOrPrefix)))?.id ?? null
}

function nothingNamed(): PlumbError {
  return new PlumbError({
    code: 'usage',
    message: 'Neither an attempt nor a run is named.',
    remedy: 'Give the id of an attempt or a run; `plumb runs` lists the runs.',
  })
}

function noSuchRun(run: string): PlumbError {
  return new PlumbError({
    code: 'run-not-found',
    message: `There is no run whose id begins with "${run}".`,
    remedy: 'List the runs with "plumb runs" and use one of their ids.',
  })
}
