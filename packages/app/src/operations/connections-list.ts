import { readConnections } from '@plumb/runtime'
import { z } from 'zod'
import { withWorkbench } from '../workbench.js'
import { defineOperation } from './operation.js'
import { renderTable } from './render-table.js'

/** `plumb connections list`: the stored accounts, without their secrets. */
export const connectionsList = defineOperation({
  name: 'connections list',
  summary: 'List the stored accounts',
  input: z.object({
    integration: z.string().optional().describe('only those of this integration'),
  }),
  examples: ['plumb connections list', 'plumb connections list --integration github --json'],
  run: ({ integration }, context) =>
    withWorkbench(context, (workbench) =>
      readConnections(workbench, integration === undefined ? {} : { integrationKey: integration }),
    ),
  text: (list) =>
    list.length === 0
      ? 'No connections. `plumb connections add` stores one.'
      : renderTable(
          ['integration', 'connection', 'provider', 'state'],
          list.map((one) => [one.integrationKey, one.connectionId, one.provider, one.state]),
        ),
})
