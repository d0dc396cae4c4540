import { getAttempt, listExecutions, listReceipts, listTraceEvents } from '@plumb/store'
import { z } from 'zod'
import { withWorkbench } from '../workbench.js'
import { defineOperation } from './operation.js'

/** `plumb trace`: what happened in an attempt, with the step where it first went wrong. */
export const trace = defineOperation({
  name: 'trace',
  summary: 'Show an attempt step by step, and mark where it first went wrong',
  input: z.object({
    attempt: z
      .string()
      .describe('id of an attempt, or its beginning; `plumb runs <run>` lists them'),
  }),
  positionals: ['attempt'],
  examples: ['plumb trace att_1f0c', 'plumb trace att_1f0c --json'],
  run: ({ attempt: idOrPrefix }, context) =>
    withWorkbench(context, async ({ db }) => {
      const attempt = await getAttempt(db, idOrPrefix)
      const attemptId = attempt.id
      return {
        attempt,
        trace: await listTraceEvents(db, attemptId),
        receipts: await listReceipts(db, { attemptId }),
        executions: await listExecutions(db, { attemptId }),
      }
    }),
  json: async (record) => {
    const { timeline } = await import('@plumb/builder')
    return { attempt: record.attempt, ...timeline(record) }
  },
  text: async (record, terminal) => {
    const { renderTrace } = await import('@plumb/builder')
    return renderTrace(record, terminal)
  },
})
