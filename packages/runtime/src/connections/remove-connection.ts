import { PlumbError } from '@plumb/protocol'
import type { Connection, Credential } from '@plumb/protocol'
import { deleteConnection, setConnectionState } from '@plumb/store'
import type { Transport, TransportAnswer } from '../gateway/transport.js'
import type { ConnectionHooks } from './connection-hooks.js'
import { decryptCredential, ownerOf, readStored, withoutSecret } from './connections.js'
import type { ConnectionStore } from './integrations.js'
import { fillUrl } from './templates.js'
import { clientOf, mayBePrivate, tokenCall } from './token-client.js'
import type { TokenOwner } from './token-client.js'

/** What became of a connection's tokens at the provider. */
export type Revocation =
  | { readonly kind: 'revoked' }
  /** The provider names no place for that, or the credential is none that can be given back. */
  | { readonly kind: 'not-offered' }
  | { readonly kind: 'failed'; readonly message: string }

type RemoveTools = { readonly hooks: ConnectionHooks; readonly transport: Transport }

/**
 * Deletes a connection: what listens is told while it still works, its tokens are given back where the provider takes
 * them, and it is gone whatever the provider says. Throws PlumbError `connection-unknown`.
 */
export async function removeConnection(
  store: ConnectionStore,
  name: Pick<Connection, 'integrationKey' | 'connectionId'>,
  tools: RemoveTools,
): Promise<Revocation> {
  const stored = await readStored(store, name)
  await tools.hooks.deleting(withoutSecret(stored)).catch(() => undefined)
  // Nothing may renew the token that is about to be given back.
  await setConnectionState(store.db, { ...stored, state: 'revoked' })
  const revocation = await revoke(store, name, tools.transport)
  if (!(await deleteConnection(store.db, stored))) throw unknown(stored)
  return revocation
}

async function revoke(
  store: ConnectionStore,
  name: Pick<Connection, 'integrationKey' | 'connectionId'>,
  transport: Transport,
): Promise<Revocation> {
  try {
    const stored = await readStored(store, name)
    const owner = { ...(await ownerOf(store, name.integrationKey)), connection: stored }
    const request = revocationOf(owner, decryptCredential(store, stored))
    return request === null ? { kind: 'not-offered' } : outcomeOf(await transport.send(request))
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
}

/** RFC 7009. Giving back a refresh token ends the access tokens that came of it too. */
function revocationOf(owner: TokenOwner, credential: Credential) {
  if (credential.kind !== 'oauth2') return null
  const { auth } = owner.provider
  const template =
    credential.client?.revocationUrl ?? (auth.mode === 'oauth2' ? auth.revocationUrl : undefined)
  if (template === undefined) return null
  const url = fillUrl(template, { connectionConfig: owner.connection.connectionConfig })
  const { refreshToken, accessToken } = credential
  return {
    ...tokenCall({
      url,
      params: {
        token: refreshToken ?? accessToken,
        token_type_hint: refreshToken === undefined ? 'access_token' : 'refresh_token',
      },
      client: clientOf(owner, credential.client),
      allowPrivateAddress: mayBePrivate(template, url, false),
    }),
    timeoutMs: 15_000,
  }
}

function outcomeOf(answer: TransportAnswer): Revocation {
  if (answer.kind === 'failure') return { kind: 'failed', message: answer.message }
  if (answer.status < 300) return { kind: 'revoked' }
  return { kind: 'failed', message: `the provider answered with status ${answer.status}` }
}

function unknown({ integrationKey, connectionId }: Connection): PlumbError {
  return new PlumbError({
    code: 'connection-unknown',
    message: `Connection "${connectionId}" of "${integrationKey}" was deleted by somebody else.`,
    remedy: 'Nothing has to be done.',
  })
}
