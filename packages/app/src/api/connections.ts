import { randomUUID } from 'node:crypto'
import { connectionContracts, PlumbError } from '@plumb/protocol'
import type { Connection, ConnectionDetails, EndUser } from '@plumb/protocol'
import {
  checkConnection,
  credentialFromWire,
  establishConnection,
  openConnectSession,
  ownerOf,
  removeConnection,
  shownCredential,
  textsOf,
} from '@plumb/runtime'
import type { ConnectionCheck } from '@plumb/runtime'
import {
  findConnections,
  getConnectionDetails,
  labelConnection,
  noteFetched,
  writeMetadata,
} from '@plumb/store'
import { allows } from '../http/authorize.js'
import { handle } from './handler.js'
import type { ApiCall, Handler } from './handler.js'

type Name = Pick<Connection, 'integrationKey' | 'connectionId'>

export const connectionHandlers: readonly Handler[] = [
  handle(connectionContracts.list, async (given, { plumb, environment }) => {
    const { cursor, page = 0, limit, ...filter } = given
    const before = cursor === undefined ? undefined : readCursor(cursor)
    const offset = before === undefined ? page * limit : 0
    const found = await findConnections(plumb.db, {
      ...{ ...filter, environment, before, offset },
      limit: limit + 1,
    })
    const shown = found.slice(0, limit)
    const last = found.length > limit ? shown.at(-1) : undefined
    return {
      connections: shown.map(inList),
      next_cursor: last === undefined ? null : cursorOf(last),
    }
  }),
  handle(connectionContracts.get, async (given, call) => {
    const details = await readDetails(call, given)
    const mayRead = allows(call.scopes ?? ['*'], 'connections:credentials')
    if (!mayRead || !given.credentials) {
      return inFull(details, given.reconnectLink ? await reconnectOf(details, call) : undefined)
    }
    const renew = given.forceRefresh || given.forceAppToken
    const credentials = await credentialsOf(call, given, { renew, refresh: given.refreshToken })
    return { ...inFull(await readDetails(call, given)), credentials }
  }),
  handle(connectionContracts.import, async (given, call) => {
    const { integrationKey, connectionId = randomUUID(), credentials, connectionConfig } = given
    const here = inEnvironment(call)
    const { provider } = await ownerOf(here, integrationKey)
    const { metadata, endUser, tags } = given
    const established = await establishConnection(
      here,
      {
        ...{ integrationKey, connectionId },
        credential: credentialFromWire(provider, credentials),
        ...(connectionConfig && { connectionConfig: textsOf(connectionConfig) }),
        ...{ ...(metadata && { metadata }), ...(endUser && { endUser }), ...(tags && { tags }) },
      },
      call.signal,
    )
    if (established.kind === 'refused') throw established.error
    const full = inFull(established.connection)
    if (!allows(call.scopes ?? ['*'], 'connections:credentials')) return full
    const name = { integrationKey, connectionId }
    return {
      ...full,
      credentials: await credentialsOf(call, name, { renew: false, refresh: true }),
    }
  }),
  handle(connectionContracts.update, async (given, call) => {
    const { plumb, environment } = call
    if (await labelConnection(plumb.db, { ...given, environment })) return done
    throw unknown(given)
  }),
  handle(connectionContracts.delete, async (given, call) => {
    const revocation = await removeConnection(inEnvironment(call), given, call.plumb.connect)
    return { ...done, revocation: revocation.kind }
  }),
  handle(connectionContracts.check, async (given, call) => {
    const check = await checkConnection(inEnvironment(call), given, call.signal)
    return { kind: check.kind, message: messageOf(check) }
  }),
  handle(connectionContracts.setMetadata, (given, call) => changeMetadata(given, call, false)),
  handle(connectionContracts.updateMetadata, (given, call) => changeMetadata(given, call, true)),
]

const done = { success: true as const }

/** The parts, held to the environment of the key. */
function inEnvironment({ plumb, environment }: ApiCall): ApiCall['plumb'] {
  if (environment === plumb.environment) return plumb
  const gateway: typeof plumb.gateway = {
    ...plumb.gateway,
    forConnection: (context) => plumb.gateway.forConnection({ environment, ...context }),
  }
  return { ...plumb, environment, gateway }
}

async function changeMetadata(
  given: {
    readonly connectionId: string | string[]
    readonly integrationKey: string
    readonly metadata: ConnectionDetails['metadata']
  },
  { plumb, environment }: ApiCall,
  merge: boolean,
) {
  const { integrationKey, metadata } = given
  const connectionIds = [given.connectionId].flat()
  await plumb.db.transaction(async (db) => {
    const write = { environment, integrationKey, connectionIds, metadata, merge }
    const written = new Set(await writeMetadata(db, write))
    const missing = connectionIds.find((id) => !written.has(id))
    if (missing !== undefined) throw unknown({ integrationKey, connectionId: missing })
  })
  const { connectionId: connection_id } = given
  return { connection_id, provider_config_key: integrationKey, metadata: metadata as never }
}

async function readDetails(call: ApiCall, name: Name): Promise<ConnectionDetails> {
  const { plumb, environment } = call
  const found = await getConnectionDetails(plumb.db, { ...name, environment })
  if (found === null) throw unknown(name)
  return found
}

async function credentialsOf(
  { plumb, environment, signal }: ApiCall,
  name: Name,
  o: { readonly renew: boolean; readonly refresh: boolean },
): Promise<Record<string, unknown>> {
  const { integrationKey, connectionId } = name
  const client = await plumb.gateway.forConnection({
    ...{ environment, integrationKey, connectionId, purpose: 'refresh' },
  })
  const current = await client.credential?.({ renew: o.renew }, signal)
  if (current?.kind !== 'usable') throw lost(name, current?.cause.message ?? '')
  await noteFetched(plumb.db, { environment, integrationKey, connectionId })
  const shown = shownCredential(current.credential, client.provider)
  return o.refresh ? shown : withoutRefreshToken(shown)
}

function withoutRefreshToken(shown: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { raw } = shown
  const kept = typeof raw === 'object' && raw !== null ? { raw: dropped(raw) } : {}
  return { ...dropped(shown), ...kept }
}

function dropped(members: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([name]) => name !== 'refresh_token'))
}

/** Only who may open sessions gets a link that is one. */
async function reconnectOf(details: ConnectionDetails, call: ApiCall): Promise<string | undefined> {
  if (details.state !== 'needs-reconnect') return undefined
  if (!allows(call.scopes ?? ['*'], 'connect:write')) return undefined
  const { integrationKey, connectionId } = details
  const opened = await openConnectSession(
    inEnvironment(call),
    { tags: {} },
    { integrationKey, connectionId },
  )
  return opened.link
}

function inList(details: ConnectionDetails) {
  return {
    ...{ id: details.number, connection_id: details.connectionId },
    provider_config_key: details.integrationKey,
    ...{ provider: details.provider, created: details.createdAt, metadata: details.metadata },
    ...{ errors: errorsOf(details), end_user: endUserOf(details.endUser) },
    ...{ tags: { ...details.tags }, state: details.state },
  }
}

function inFull(details: ConnectionDetails, reconnectLink?: string) {
  const { created: created_at, ...listed } = inList(details)
  return {
    ...{ ...listed, created_at, updated_at: details.updatedAt },
    last_fetched_at: details.lastFetchedAt,
    connection_config: { ...details.connectionConfig },
    ...(reconnectLink !== undefined && { reconnect_link: reconnectLink }),
  }
}

function errorsOf({ error, state, number }: ConnectionDetails) {
  if (state !== 'needs-reconnect' && state !== 'revoked') return []
  const { code, message } = error ?? { code: state, message: 'The provider refuses the account.' }
  return [{ type: 'auth', log_id: `connection-${number}`, code, message }]
}

function endUserOf(user: EndUser | null) {
  if (user === null) return null
  const { id, organization } = user
  return {
    ...{ id, display_name: user.display_name ?? null, email: user.email ?? null },
    tags: user.tags ?? null,
    organization: organization
      ? { id: organization.id, display_name: organization.display_name ?? null }
      : null,
  }
}

function messageOf(check: ConnectionCheck): string | null {
  switch (check.kind) {
    case 'access-lost':
      return check.cause.message
    case 'refused':
      return check.error.message
    case 'unreachable':
      return check.message
    case 'failed':
      return `The provider answers its check with status ${check.status}.`
    default:
      return null
  }
}

function cursorOf({ number }: ConnectionDetails): string {
  return Buffer.from(String(number)).toString('base64url')
}

function readCursor(cursor: string): number {
  const number = Number(Buffer.from(cursor, 'base64url').toString())
  if (Number.isSafeInteger(number) && number > 0) return number
  throw new PlumbError({
    code: 'input-invalid',
    message: `"cursor" is "${cursor.slice(0, 100)}", which no list handed out.`,
    remedy: 'Send `next_cursor` of the page before, or nothing for the first page.',
  })
}

function unknown({ integrationKey, connectionId }: Name): PlumbError {
  return new PlumbError({
    code: 'connection-unknown',
    message: `Integration "${integrationKey.slice(0, 100)}" has no connection "${connectionId.slice(0, 255)}".`,
    remedy: 'Correct connection_id and provider_config_key; GET /connections lists what there is.',
  })
}

function lost({ integrationKey, connectionId }: Name, message: string): PlumbError {
  return new PlumbError({
    code: 'access-lost',
    message,
    remedy: `Have it reconnected: POST /connect/sessions/reconnect with connection_id "${connectionId}" and integration_id "${integrationKey}" answers a link. Add credentials=false to see the connection without its credential, and reconnect_link=true for a link.`,
  })
}
