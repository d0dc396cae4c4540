import type { ApiDescription } from '@plumb/protocol'
import { baseAddressOf, readIntegration } from '@plumb/runtime'
import { listReceipts, listResources, saveExecution } from '@plumb/store'
import type { LedgerResource } from '@plumb/store'
import { removeResidue } from './residue/remove-residue.js'
import type { ResidueTools } from './residue/remove-residue.js'
import type { ProjectAccount } from './verification/ask-account.js'
import { namespaceOf } from './workspace/open-workspace.js'

export type ProjectAccountOrder = {
  readonly integrationKey: string
  readonly connectionId: string
  /** Name of this verification in receipts and in the ledger; unique. */
  readonly id: string
  /** Calls that may change the account, per run of a function; 0 for none. */
  readonly writes: number
  /** Reads the description of the provider's API; null where it has none. */
  readonly describe: (provider: string, baseUrl: string) => Promise<ApiDescription | null>
}

export type OpenProjectAccount = ProjectAccount & {
  /** Deletes what the verification has made, and returns what nothing could delete. */
  close(): Promise<readonly LedgerResource[]>
}

/** Opens an account for the live oracles. Throws `connection-unknown` and `integration-unknown`. */
export async function openProjectAccount(
  tools: ResidueTools,
  { integrationKey, connectionId, id, writes, describe }: ProjectAccountOrder,
): Promise<OpenProjectAccount> {
  const { db, gateway, now } = tools
  const name = { integrationKey, connectionId, attemptId: id, chain: id }
  const { provider, connection } = await gateway.forConnection({ ...name, purpose: 'probe' })
  const configured = (await readIntegration(tools, integrationKey)) ?? {}
  const { baseUrl } = baseAddressOf(provider, configured, connection)
  const description = await describe(provider.name, baseUrl)
  return {
    ...{ provider, baseUrl, description },
    access: {
      ...{ namespace: namespaceOf(id), writes, now },
      open: ({ executionId, writes: writeLimit }) =>
        gateway.forConnection({
          ...{ ...name, executionId, writeLimit, purpose: 'verification' },
          allowWrites: writeLimit > 0,
        }),
      receipts: (executionId) => listReceipts(db, { executionId }),
      keep: (execution) => saveExecution(db, execution),
    },
    async close() {
      if (description !== null) {
        const brief = { connection: { integration: integrationKey, id: connectionId } }
        await removeResidue(tools, { brief, provider, description }, id)
      }
      const made = await listResources(db, { attemptId: id })
      return made.filter(({ deletedAt }) => deletedAt === null)
    },
  }
}
