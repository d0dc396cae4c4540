import { z } from 'zod'
import { fixedOutputOptions } from '../build/build-options.js'
import { compactReport } from '../build/compact-report.js'
import { describeProgress } from '../build/describe-progress.js'
import { exitCodeOfReport } from '../build/exit-code.js'
import { reportText } from '../build/report-text.js'
import { withWorkbench } from '../workbench.js'
import { defineOperation } from './operation.js'

/** `plumb demo`: the main job on emulated accounts. */
export const demo = defineOperation({
  name: 'demo',
  summary: 'Build, prove and report on emulated accounts; needs no key and no account',
  input: z.object({
    ...fixedOutputOptions,
    exit: z.boolean().default(false).describe('end after the report'),
  }),
  examples: ['plumb demo', 'plumb demo --exit --json', 'plumb demo --concurrency 2 --fresh'],
  run: (input, context) =>
    withWorkbench(context, async (workbench) => {
      const { runDemo } = await import('../demo/run-demo.js')
      const onProgress = describeProgress(context.progress)
      return runDemo(input, { ...context, workbench, onProgress })
    }),
  json: ({ report }) => compactReport(report),
  text: async ({ report, reportPath }, terminal) =>
    `${await reportText(report, terminal)}\n\nReport:       ${reportPath}\nIntegrations: ${report.output}/integrations\n`,
  exitCode: ({ report }) => exitCodeOfReport(report),
})
