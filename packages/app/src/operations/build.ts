import { z } from 'zod'
import { buildOptions } from '../build/build-options.js'
import { compactReport } from '../build/compact-report.js'
import { describeProgress } from '../build/describe-progress.js'
import { reportText } from '../build/report-text.js'
import { exitCodeOfReport } from '../build/exit-code.js'
import { withWorkbench } from '../workbench.js'
import { defineOperation } from './operation.js'

/** `plumb build`: builds and proves what briefs ask for. */
export const build = defineOperation({
  name: 'build',
  summary: 'Build the functions that briefs ask for, prove them, and assemble integrations',
  input: z.object({
    briefs: z.array(z.string()).min(1).describe('brief files or folders of them'),
    ...buildOptions,
  }),
  positionals: ['briefs'],
  examples: [
    'plumb build briefs/*.brief.yaml',
    'plumb build briefs/github.brief.yaml --model anthropic/claude-sonnet-4-5 --max-cost 2',
    'plumb build briefs --json > report.json',
  ],
  run: ({ briefs, ...options }, context) =>
    withWorkbench(context, async (workbench) => {
      const { runBuild } = await import('../build/run-build.js')
      const onProgress = describeProgress(context.progress)
      return runBuild(briefs, options, { ...context, workbench, onProgress })
    }),
  json: ({ report }) => compactReport(report),
  text: async ({ report, reportPath }, terminal) =>
    `${await reportText(report, terminal)}\n\nReport: ${reportPath}\n`,
  exitCode: ({ report }) => exitCodeOfReport(report),
})
