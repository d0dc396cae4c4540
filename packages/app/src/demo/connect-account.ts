import { addConnection, addIntegration } from '@plumb/runtime'
import type { TestAccount } from '@plumb/testbed/accounts'
import type { Workbench } from '../workbench.js'

/** Stores a test account as an integration and a connection; an earlier one of the same name is replaced. */
export async function connectAccount(
  workbench: Workbench,
  account: TestAccount,
  now: string,
): Promise<void> {
  const { integrationKey, connectionId, provider, baseUrl, tokenUrl, oauthClient } = account
  await addIntegration(workbench, {
    integrationKey,
    provider,
    baseUrl,
    ...(tokenUrl !== null && { tokenUrl }),
    ...(oauthClient && { oauthClient }),
  })
  const { credential } = account
  await addConnection(workbench, { integrationKey, connectionId, credential, now })
}
