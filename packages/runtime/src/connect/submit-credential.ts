import type { ConnectionDetails } from '@plumb/protocol'
import { PlumbError } from '@plumb/protocol'
import { getConnection } from '@plumb/store'
import { ownerOf } from '../connections/connections.js'
import { credentialFromWire } from './credential-from-wire.js'
import { configOf } from './connection-config.js'
import type { ConnectParts } from './connect-parts.js'
import { connectionIdFor, noteSessionConnected, refuseOtherIntegration } from './connect-session.js'
import type { ConnectSession } from './connect-session.js'
import { establishClaimed } from './establish-claimed.js'
import { labelsOf } from './finish-authorization.js'
import { draftOf } from './start-authorization.js'

/** A credential that a person typed in, under a connect session. */
export type SubmittedCredential = {
  readonly session: ConnectSession
  readonly integrationKey: string
  readonly params: Readonly<Record<string, string>>
  /** Members as the published frontends name them: `apiKey`, `username`, `client_id`, ... */
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * Connects an account without a visit at its provider. Throws PlumbErrors `connection-invalid`, `account-refused`,
 * `integration-not-allowed`; none holds what was typed in.
 */
export async function submitCredential(
  parts: ConnectParts,
  { session, integrationKey, params, body }: SubmittedCredential,
  signal?: AbortSignal,
): Promise<ConnectionDetails> {
  const here = { ...parts, environment: session.environment }
  refuseOtherIntegration(session, integrationKey)
  const { integration, provider } = await ownerOf(here, integrationKey)
  const { mode } = provider.auth
  if (/^(oauth2|oauth1|mcp-oauth2)$/.test(mode)) {
    throw new PlumbError({
      code: 'connection-invalid',
      message: `${provider.displayName} authorises by "${mode}": nothing can be typed in for it.`,
      remedy: `Open /oauth/connect/${integrationKey} with the session.`,
    })
  }
  const connectionId = connectionIdFor(session)
  const before = await getConnection(parts.db, {
    ...{ environment: session.environment, integrationKey, connectionId },
  })
  const defaults = session.body.integrations_config_defaults?.[integrationKey]
  const order = {
    ...{ integrationKey, connectionId, ...labelsOf(session) },
    credential: credentialFromWire(provider, body),
    connectionConfig: { ...before?.connectionConfig, ...configOf(provider, params, defaults) },
  }
  const name = { environment: session.environment, integrationKey, connectionId }
  const connection = draftOf(name, provider, order.connectionConfig)
  const owner = { integration, provider, connection }
  const established = await establishClaimed(here, { owner, order }, signal)
  if (established.kind === 'refused') throw established.error
  await noteSessionConnected(here, session, established.connection)
  return established.connection
}
