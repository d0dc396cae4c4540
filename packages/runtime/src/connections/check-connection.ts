import type { Connection } from '@plumb/protocol'
import { setConnectionState } from '@plumb/store'
import type { Database } from '@plumb/store'
import type { ConnectionCheck, Gateway } from '../gateway/connection-gateway.js'

/**
 * Probes a connection at the provider's check endpoint, and notes that it works again when it does.
 * Throws PlumbError `connection-unknown` or `provider-unknown`.
 */
export async function checkConnection(
  tools: { readonly db: Database; readonly gateway: Gateway },
  name: Pick<Connection, 'integrationKey' | 'connectionId'>,
  signal?: AbortSignal,
): Promise<ConnectionCheck> {
  const client = await tools.gateway.forConnection({ ...name, purpose: 'probe' })
  const found = await client.check(signal)
  if (found.kind === 'ok' && client.connection.state !== 'ok') {
    await setConnectionState(tools.db, { ...client.connection, state: 'ok' })
  }
  return found
}
