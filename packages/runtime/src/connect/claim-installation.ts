import { PlumbError } from '@plumb/protocol'
import type { AuthOf, ConnectionDetails, CredentialOf, EndUser } from '@plumb/protocol'
import { findInstallation, getConnectionDetails, listIntegrations } from '@plumb/store'
import { installationRequest } from '../connections/app-installation.js'
import type { TokenOwner } from '../connections/token-client.js'
import { readFields } from '../connections/token-request.js'
import { asText } from '../gateway/body-value.js'
import type { TransportAnswer } from '../gateway/transport.js'
import type { ConnectParts } from './connect-parts.js'

/** An installation of the integration's app that somebody named in a browser. */
export type InstallationClaim = {
  readonly owner: TokenOwner
  readonly auth: AuthOf<'app'>
  readonly credential: CredentialOf<'app'>
  /** Whose connection it shall be. */
  readonly endUser: EndUser | null
}

/**
 * Runs `establish` for an installation that the provider confirms and that no other customer has. Claims of one
 * installation wait for each other, over all servers. Throws PlumbErrors `authorization-failed` and
 * `connection-invalid`.
 */
export async function claimInstallation<T>(
  parts: ConnectParts,
  claim: InstallationClaim,
  establish: () => Promise<T>,
): Promise<T> {
  const { owner, credential } = claim
  const lock = ['installation', parts.environment, owner.provider.name, credential.installationId]
  return parts.db.withLock(lock.join(' '), async () => {
    await refuseTaken(parts, claim)
    await requireInstalled(parts, claim)
    return establish()
  })
}

async function refuseTaken(parts: ConnectParts, claim: InstallationClaim): Promise<void> {
  const { environment } = parts
  const { integration, connection } = claim.owner
  const { integrationKey, connectionId } = connection
  const appId = integration.app?.appId
  const sameApp = (await listIntegrations(parts.db, environment)).filter(
    (one) => one.provider === integration.provider && one.app?.appId === appId,
  )
  const holders = await findInstallation(parts.db, {
    environment,
    integrationKeys: sameApp.map((one) => one.integrationKey),
    installationId: claim.credential.installationId,
  })
  const others = holders.filter(
    (one) => one.integrationKey !== integrationKey || one.connectionId !== connectionId,
  )
  if (others.length === 0) return
  const name = { environment, integrationKey, connectionId }
  const endUser = claim.endUser ?? (await getConnectionDetails(parts.db, name))?.endUser ?? null
  if (others.every((other) => isSameCustomer(other, endUser))) return
  throw refused(claim, 'is connected for another customer already', {
    // Whose it is, and under which name, is nothing for whoever sits in front of the page.
    remedy:
      'Choose an account of your own. If this is yours, ask the product that sent you here for a link to connect it again, or for one in the name that it was connected in.',
  })
}

/** Organisations go before people; where nobody is named, nothing shows that it is the same customer. */
function isSameCustomer({ endUser: holder }: ConnectionDetails, endUser: EndUser | null): boolean {
  if (holder === null || endUser === null) return false
  const [held, asked] = [holder.organization?.id, endUser.organization?.id]
  return held !== undefined && asked !== undefined ? held === asked : holder.id === endUser.id
}

async function requireInstalled(parts: ConnectParts, claim: InstallationClaim): Promise<void> {
  const now = parts.connect.clock.now()
  const asked = installationRequest(claim.owner, { ...claim, now })
  if (asked === null) return
  const answer = await parts.connect.transport.send(asked.request)
  if (answer.kind === 'failure') throw unreadable(claim, answer.code)
  if (answer.status === 404) {
    throw refused(claim, 'is none of this app', { remedy: 'Install the app, then connect again.' })
  }
  if (answer.status === 401 || answer.status === 403) throw appRefused(claim, answer.status)
  if (answer.status !== 200) throw unreadable(claim, `status ${answer.status}`)
  refuseUnusable(claim, answer)
}

function refuseUnusable(
  claim: InstallationClaim,
  answer: Extract<TransportAnswer, { kind: 'response' }>,
): void {
  const told = readFields(answer.body.toString('utf8'))
  const { credential, owner } = claim
  const appId = credential.appId ?? owner.integration.app?.appId
  if (asText(told['id']) !== credential.installationId) {
    throw unreadable(claim, 'the answer names another installation')
  }
  if (told['app_id'] !== undefined && asText(told['app_id']) !== appId) {
    throw refused(claim, 'is of another app', { remedy: 'Install the app, then connect again.' })
  }
  if ((told['suspended_at'] ?? null) === null) return
  throw refused(claim, 'is suspended', {
    remedy: `Lift the suspension in the settings of ${owner.provider.displayName}, then connect again.`,
  })
}

function appRefused(claim: InstallationClaim, status: number): PlumbError {
  const { integration, provider } = claim.owner
  return refused(claim, `can not be read: status ${status} for the app of the integration`, {
    remedy: `Correct the app id and the private key of integration "${integration.integrationKey}" by what ${provider.displayName} shows.`,
  })
}

function unreadable(claim: InstallationClaim, reason: string): PlumbError {
  return refused(claim, `can not be read: ${reason}`, { remedy: 'Connect again a little later.' })
}

function refused(
  { owner, credential }: InstallationClaim,
  reason: string,
  { remedy }: { readonly remedy: string },
): PlumbError {
  return new PlumbError({
    code: 'authorization-failed',
    message: `${owner.provider.displayName} was not connected: installation "${credential.installationId.slice(0, 64)}" ${reason}.`,
    remedy,
  })
}
