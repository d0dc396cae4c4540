import type { BlockedCause, Verdict } from '@plumb/protocol'
import type { ConnectionCheck } from '@plumb/runtime'
import type { BuildItem, BuildTools } from './build-tools.js'

/** Asks the account before an agent is started: `blocked` when it does not let us in, null when it does. */
export async function findClosedAccount(
  tools: BuildTools,
  { brief }: BuildItem,
  attemptId: string,
): Promise<Verdict | null> {
  const { integration: integrationKey, id: connectionId } = brief.connection
  const name = { integrationKey, connectionId }
  const client = await tools.gateway.forConnection({ ...name, attemptId, purpose: 'probe' })
  const cause = causeOf(await client.check(tools.signal), `${integrationKey}/${connectionId}`)
  return cause === null ? null : { kind: 'blocked', cause, findings: [] }
}

function causeOf(check: ConnectionCheck, name: string): BlockedCause | null {
  switch (check.kind) {
    case 'access-lost':
      return check.cause
    case 'unreachable':
      return {
        kind: 'unreachable',
        message: `The account ${name} cannot be reached: ${check.message}`,
        remedy: 'Check the base URL of the integration and the network, then run the build again.',
        receiptIds: check.receiptIds,
      }
    case 'refused':
      throw check.error
    default:
      return null
  }
}
