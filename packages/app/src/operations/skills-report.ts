import { z } from 'zod'
import { withWorkbench } from '../workbench.js'
import { defineOperation } from './operation.js'

/** `plumb skills report`: what each version of a skill led to, so that it can be improved by numbers. */
export const skillsReport = defineOperation({
  name: 'skills report',
  summary: 'Show pass rate, attempts, cost and root causes of each version of a skill',
  input: z.object({
    model: z.string().optional().describe('only attempts of this model, as provider/model'),
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(1000)
      .describe('how many of the newest attempts to look at'),
  }),
  examples: [
    'plumb skills report',
    'plumb skills report --model anthropic/claude-sonnet-4-5 --json',
    'plumb skills report --limit 200',
  ],
  run: ({ model, limit }, context) =>
    withWorkbench(context, async ({ db }) => {
      const { skillsReport: measure } = await import('@plumb/builder')
      return measure(db, { limit, ...(model !== undefined && { model }) })
    }),
  text: async (reports, terminal) => {
    const { renderSkillsReport } = await import('@plumb/builder')
    return renderSkillsReport(reports, terminal)
  },
})
