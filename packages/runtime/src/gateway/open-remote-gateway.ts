import { randomUUID } from 'node:crypto'
import { PlumbError } from '@plumb/protocol'
import type { Connection, Provider, ReceiptDraft } from '@plumb/protocol'
import { z } from 'zod'
import { baseAddressOf } from './base-address.js'
import { systemClock } from './clock.js'
import { ConnectionClient } from './connection-client.js'
import type { CallContext, ConnectionGateway } from './connection-gateway.js'
import { Exchanger } from './exchanger.js'
import { openLiveTransport } from './live-transport.js'
import { defaultTimeoutMs } from './prepare-request.js'
import { remoteTransport } from './remote-transport.js'
import type { Transport } from './transport.js'

export type RemotePlumb = {
  /** Such as `https://plumb.example.com`. */
  readonly url: string
  readonly secretKey: string
  readonly providers: ReadonlyMap<string, { readonly provider: Provider }>
  readonly signal?: AbortSignal
}

export type RemoteGateway = ConnectionGateway & {
  /** What the calls left behind; kept here, and signed by nobody. */
  receipts(): readonly ReceiptDraft[]
  close(): Promise<void>
}

/**
 * The gateway of a connection that a remote Plumb keeps: the same code as live, with `/proxy/*` as its transport.
 * Throws PlumbErrors `remote-unreachable`, `remote-unauthorized`, `connection-unknown`, `connection-invalid`.
 */
export async function openRemoteGateway(
  remote: RemotePlumb,
  context: CallContext,
): Promise<RemoteGateway> {
  const network = openLiveTransport()
  try {
    const connection = await fetchConnection(remote, context, network)
    return gatewayOf({ remote, context, connection, network })
  } catch (error) {
    await network.close?.()
    throw error
  }
}

function gatewayOf(o: {
  readonly remote: RemotePlumb
  readonly context: CallContext
  readonly connection: Connection
  readonly network: Transport
}): RemoteGateway {
  const { remote, context, connection, network } = o
  const provider = providerOf(remote, connection)
  const address = baseAddressOf(provider, {}, connection)
  const receipts: ReceiptDraft[] = []
  const recorder = {
    append: async (draft: ReceiptDraft) => void receipts.push(draft),
    created: async () => undefined,
  }
  const { integrationKey, connectionId } = connection
  const { secretKey, signal } = remote
  const route = { url: addressOf(remote), secretKey, connection, address }
  const origin = {
    ...{ integrationKey, connectionId, attemptId: null },
    ...{ executionId: context.executionId ?? null, chain: `remote ${remote.url}` },
  }
  const exchanger = new Exchanger({
    ...{ origin, recorder, clock: systemClock, newId: randomUUID },
    transport: remoteTransport(route, network),
  })
  // The remote attaches the credential, so here is none to attach.
  const keyless: Provider = { ...provider, auth: { mode: 'none' } }
  const client = new ConnectionClient({
    ...{ exchanger, recorder, context, clock: systemClock, random: Math.random },
    target: { provider: keyless, connection, address, timeoutMs: defaultTimeoutMs },
    account: {
      current: async () => ({ kind: 'usable', credential: { kind: 'none' }, version: 1 }),
      renew: async () => null,
      markLost: async () => undefined,
    },
    probes: false,
    stop: signal,
  })
  return {
    ...{ connection, provider, pagination: client.pagination },
    get calls() {
      return client.calls
    },
    request: (request, cancel) => client.request(request, cancel),
    check: (cancel) => client.check(cancel),
    receipts: () => [...receipts],
    close: async () => network.close?.(),
  }
}

const connectionSchema = z.object({
  provider: z.string(),
  connection_config: z.record(z.string(), z.unknown()).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  created_at: z.string().default(new Date(0).toISOString()),
  updated_at: z.string().default(new Date(0).toISOString()),
})

async function fetchConnection(
  remote: RemotePlumb,
  context: CallContext,
  network: Transport,
): Promise<Connection> {
  const { integrationKey, connectionId } = context
  const query = new URLSearchParams({ provider_config_key: integrationKey })
  const path = `/connections/${encodeURIComponent(connectionId)}?${query.toString()}`
  const answer = await network.send(
    {
      method: 'GET',
      url: `${addressOf(remote)}${path}`,
      headers: { authorization: `Bearer ${remote.secretKey}`, accept: 'application/json' },
      body: null,
      allowPrivateAddress: true,
      timeoutMs: 30_000,
    },
    remote.signal,
  )
  if (answer.kind === 'failure') throw unreachable(remote, answer.message)
  if (answer.status === 401 || answer.status === 403) throw unauthorized(remote, answer.status)
  if (answer.status === 404) throw unknownConnection(remote, context)
  const parsed = answer.status === 200 ? parseConnection(answer.body) : null
  if (parsed === null)
    throw unreachable(remote, `it answered GET ${path} with ${answer.status} and no connection`)
  return { ...parsed, integrationKey, connectionId }
}

function parseConnection(body: Buffer): Omit<Connection, 'integrationKey' | 'connectionId'> | null {
  const parsed = connectionSchema.safeParse(jsonOrNull(body))
  if (!parsed.success) return null
  const { provider, connection_config, metadata, created_at, updated_at } = parsed.data
  const texts = Object.entries(connection_config ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return {
    environment: 'remote',
    provider,
    state: 'ok',
    connectionConfig: Object.fromEntries(texts),
    metadata: metadata ?? {},
    createdAt: created_at,
    updatedAt: updated_at,
  }
}

function jsonOrNull(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

function addressOf({ url }: RemotePlumb): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, '')
  throw new PlumbError({
    code: 'usage',
    message: `"${url}" is not the address of a remote Plumb.`,
    remedy: 'Give an http or https address, such as https://plumb.example.com.',
  })
}

function providerOf({ providers }: RemotePlumb, { provider: name }: Connection): Provider {
  const known = providers.get(name)
  if (known) return known.provider
  throw new PlumbError({
    code: 'provider-unknown',
    message: `The remote connection is one of provider "${name}", which the local catalog does not have.`,
    remedy: `Put its entry into providers/${name}.yaml of this folder.`,
  })
}

function unreachable({ url }: RemotePlumb, why: string): PlumbError {
  return new PlumbError({
    code: 'remote-unreachable',
    message: `The Plumb at ${url} could not be asked for the connection: ${why}.`,
    remedy: 'Check the address given with --remote, and that the server runs.',
  })
}

function unauthorized({ url }: RemotePlumb, status: number): PlumbError {
  return new PlumbError({
    code: 'remote-unauthorized',
    message: `The Plumb at ${url} refused the secret key (${status}).`,
    remedy: 'Set PLUMB_SECRET_KEY to a secret key of that environment.',
  })
}

function unknownConnection({ url }: RemotePlumb, context: CallContext): PlumbError {
  const { integrationKey, connectionId } = context
  return new PlumbError({
    code: 'connection-unknown',
    message: `The Plumb at ${url} has no connection "${connectionId}" of "${integrationKey}".`,
    remedy: 'Correct --connection or --integration, or connect the account there first.',
  })
}
