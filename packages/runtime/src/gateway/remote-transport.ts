import type { Connection } from '@plumb/protocol'
import type { BaseAddress } from './resolve-url.js'
import type { PreparedRequest, Transport } from './transport.js'

export type RemoteRoute = {
  /** Address of the remote Plumb, without a trailing slash. */
  readonly url: string
  readonly secretKey: string
  readonly connection: Pick<Connection, 'integrationKey' | 'connectionId'>
  readonly address: BaseAddress
}

/** Headers of a forwarded call; those without this prefix speak to the remote itself. */
const forwarded = 'nango-proxy-'

/** Sends each call to `/proxy/*` of a remote Plumb, which adds the credential. Retrying is the caller's business. */
export function remoteTransport(route: RemoteRoute, network: Transport): Transport {
  return {
    send: (request, signal) => network.send(routed(request, route), signal),
    close: async () => network.close?.(),
  }
}

function routed(request: PreparedRequest, route: RemoteRoute): PreparedRequest {
  const target = new URL(request.url)
  const base = new URL(route.address.baseUrl)
  const prefix = base.pathname.replace(/\/+$/, '')
  const below = target.origin === base.origin && `${target.pathname}/`.startsWith(`${prefix}/`)
  const path = below ? target.pathname.slice(prefix.length) : target.pathname
  const { integrationKey, connectionId } = route.connection
  return {
    ...request,
    url: `${route.url}/proxy/${path.replace(/^\/+/, '')}${target.search}`,
    headers: {
      ...forwardedHeaders(request.headers),
      authorization: `Bearer ${route.secretKey}`,
      'connection-id': connectionId,
      'provider-config-key': integrationKey,
      retries: '0',
      ...(!below && { 'base-url-override': target.origin }),
    },
    // Whoever named the remote meant its address, also one on this machine.
    allowPrivateAddress: true,
  }
}

function forwardedHeaders(headers: PreparedRequest['headers']): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) =>
    /^(content-type|accept|user-agent)$/.test(name) ? [name, value] : [forwarded + name, value],
  )
  return Object.fromEntries(entries) as Record<string, string>
}
