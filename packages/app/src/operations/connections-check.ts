import { checkConnection } from '@plumb/runtime'
import { z } from 'zod'
import { withWorkbench } from '../workbench.js'
import { explainCheck } from './explain-check.js'
import { defineOperation } from './operation.js'

/** `plumb connections check`: asks the provider whether the stored account still works. */
export const connectionsCheck = defineOperation({
  name: 'connections check',
  summary: 'Ask the provider whether an account still works',
  input: z.object({
    integration: z.string().describe('key of the integration'),
    connectionId: z.string().describe('the account'),
  }),
  positionals: ['integration', 'connectionId'],
  examples: ['plumb connections check github test-account'],
  run: ({ integration, connectionId }, context) =>
    withWorkbench(context, async (workbench) => {
      const name = { integrationKey: integration, connectionId }
      return { ...name, check: await checkConnection(workbench, name, context.signal) }
    }),
  text: ({ integrationKey, connectionId, check }) =>
    [`${integrationKey}/${connectionId}`, ...explainCheck(check)].join('\n'),
  exitCode: ({ check }) => (check.kind === 'ok' ? 0 : 1),
})
