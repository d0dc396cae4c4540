import type { Connection, ConnectionDetails } from '@plumb/protocol'
import { findConnections } from '@plumb/store'
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
    withWorkbench(context, async ({ db, environment }) => {
      const keys = integration === undefined ? {} : { integrationKeys: [integration] }
      const found = await findConnections(db, { environment, ...keys, limit: most })
      return found.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
    }),
  text: (list) =>
    list.length === 0
      ? 'No connections. `plumb connections add` stores one.'
      : renderTable(
          ['integration', 'connection', 'provider', 'state'],
          list.map((one) => [one.integrationKey, one.connectionId, one.provider, stateOf(one)]),
        ),
})

/** Whoever has more asks a server, page by page. */
const most = 10_000

function nameOf({ integrationKey, connectionId }: Connection): string {
  return `${integrationKey} ${connectionId}`
}

/** With what the provider said, for one that does not work. */
function stateOf({ state, error }: ConnectionDetails): string {
  return error === null ? state : `${state}: ${error.code}`
}
