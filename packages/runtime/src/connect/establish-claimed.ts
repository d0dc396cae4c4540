import type { TokenOwner } from '../connections/token-client.js'
import { claimInstallation } from './claim-installation.js'
import type { ConnectParts } from './connect-parts.js'
import { establishConnection } from './establish-connection.js'
import type { Established, EstablishOrder } from './establish-connection.js'

/**
 * Establishes what came from a browser: an installation of the integration's own app has to be claimed first, for
 * whoever names one can name another customer's. Throws what `claimInstallation` and `establishConnection` throw.
 */
export async function establishClaimed(
  parts: ConnectParts,
  { owner, order }: { readonly owner: TokenOwner; readonly order: EstablishOrder },
  signal?: AbortSignal,
): Promise<Established> {
  const { credential, endUser = null } = order
  const { auth } = owner.provider
  const establish = () => establishConnection(parts, order, signal)
  // A customer's own app proves with its own key that its installations are theirs.
  const named = credential.kind === 'app' && credential.privateKey === undefined
  if (!named || auth.mode !== 'app') return establish()
  return claimInstallation(parts, { owner, auth, credential, endUser }, establish)
}
