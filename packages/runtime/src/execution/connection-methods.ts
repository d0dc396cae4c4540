import { credentialsRefused, outsideRequestSchema, PlumbError } from '@plumb/protocol'
import type { Credential, JsonObject, Provider } from '@plumb/protocol'
import { z } from 'zod'
import type { ConnectionGateway } from '../gateway/connection-gateway.js'
import { shownCredential } from '../connections/shown-credential.js'
import { isOwn } from './execution-gateways.js'
import type { ConnectionKey } from './execution-gateways.js'
import { functionMethod } from './function-method.js'
import type { HostMethod } from '../runner/function-host.js'

export type ConnectionParts = {
  readonly gateway: ConnectionGateway
  readonly state: { readonly metadata: JsonObject }
  /** Another connection of the same owner. Throws PlumbError `connection-unknown`. */
  readonly otherConnection: (key: ConnectionKey) => Promise<ConnectionGateway>
  readonly credentialAccess: 'allowed' | 'refused'
  readonly outsideCalls: 'allowed' | 'refused'
}

const nothing = z.strictObject({})
const connectionKey = z.strictObject({ integrationKey: z.string(), connectionId: z.string() })
const connectionQuery = z.strictObject({ connection: connectionKey, refresh: z.boolean() })
const integrationQuery = z.strictObject({ include: z.array(z.string()) })

/** What a function may know about its connection, and its ways past the gateway where a person allows them. */
export function connectionMethods(parts: ConnectionParts): [string, HostMethod][] {
  const { gateway } = parts
  return [
    functionMethod(
      'getConnection',
      connectionQuery,
      async ({ connection: key, refresh }, signal) => {
        const own = isOwn(gateway, key)
        const asked = own ? gateway : await parts.otherConnection(key)
        const metadata = own ? parts.state.metadata : asked.connection.metadata
        const shown = { ...describeConnection(asked), metadata }
        if (parts.credentialAccess === 'refused') return shown
        const credential = await credentialOf(asked, refresh, signal)
        return { ...shown, credentials: shownCredential(credential, asked.provider) }
      },
    ),
    functionMethod('getIntegration', integrationQuery, ({ include }) =>
      integrationOf(parts, include),
    ),
    functionMethod('getToken', nothing, async (_args, signal) => {
      if (parts.credentialAccess === 'refused') throw credentialsRefused('getToken')
      return shownToken(await credentialOf(gateway, false, signal), gateway.provider)
    }),
    functionMethod('uncontrolledFetch', outsideRequestSchema, async (request, signal) => {
      if (parts.outsideCalls === 'refused' || gateway.callOutside === undefined) {
        throw outsideRefused(request)
      }
      return gateway.callOutside(request, signal)
    }),
  ]
}

function describeConnection({ connection }: ConnectionGateway): object {
  return {
    connection_id: connection.connectionId,
    provider_config_key: connection.integrationKey,
    provider: connection.provider,
    connection_config: connection.connectionConfig,
    created_at: connection.createdAt,
    updated_at: connection.updatedAt,
  }
}

function integrationOf({ gateway, credentialAccess }: ConnectionParts, include: string[]): object {
  const { connection, provider, oauthClient } = gateway
  const shown = {
    unique_key: connection.integrationKey,
    provider: connection.provider,
    display_name: provider.displayName,
  }
  if (!include.includes('credentials')) return shown
  if (credentialAccess === 'refused') throw credentialsRefused('the credentials of its integration')
  if (oauthClient === undefined) return { ...shown, credentials: null }
  const { clientId: client_id, clientSecret: client_secret } = oauthClient
  const client = { type: 'OAUTH2', client_id, client_secret, scopes: null, webhook_secret: null }
  return { ...shown, credentials: client }
}

async function credentialOf(
  gateway: ConnectionGateway,
  renew: boolean,
  signal: AbortSignal,
): Promise<Credential> {
  const current = await gateway.credential?.({ renew }, signal)
  if (current?.kind === 'usable') return current.credential
  throw new PlumbError({
    code: 'credentials-refused',
    message:
      current === undefined
        ? 'The credential of this connection is kept elsewhere and cannot be read here.'
        : `The credential of this connection is unusable: ${current.cause.message}`,
    remedy: 'Call the API through the gateway, or connect the account again.',
  })
}

/** An access token as text, every other credential as its object. */
function shownToken(credential: Credential, provider: Provider): unknown {
  const shown = shownCredential(credential, provider)
  return 'access_token' in shown ? shown['access_token'] : shown
}

function outsideRefused({ method, url }: { method: string; url: string }): PlumbError {
  return new PlumbError({
    code: 'outside-call-refused',
    message: `A function called uncontrolledFetch (${method} ${new URL(url).origin}), which is not allowed here.`,
    remedy:
      'Call the provider with get, post, put, patch, delete or proxy. ' +
      'A person may allow it with `allow: { uncontrolledFetch: true }` in plumb.config.ts.',
  })
}
