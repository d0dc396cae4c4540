import type { Connection, ConnectionDetails, EndUser } from '@plumb/protocol'
import { PlumbError } from '@plumb/protocol'
import {
  deleteConnection,
  getConnection,
  getConnectionDetails,
  restoreConnection,
} from '@plumb/store'
import type { StoredConnection } from '@plumb/store'
import { addConnection } from '../connections/connections.js'
import type { NewConnection } from '../connections/connections.js'
import type { ConnectionCheck, ConnectionGateway } from '../gateway/connection-gateway.js'
import type { OperationLog } from '../logs/log-writer.js'
import type { ConnectParts } from './connect-parts.js'

export type EstablishOrder = Omit<NewConnection, 'now'> & {
  readonly endUser?: EndUser | null
  readonly tags?: Readonly<Record<string, string>>
}

export type Established =
  | { readonly kind: 'connected'; readonly connection: ConnectionDetails; readonly isNew: boolean }
  /** Nothing was changed. */
  | { readonly kind: 'refused'; readonly error: PlumbError }

/**
 * Stores a connection, proves its credential at the provider, asks the hooks, and takes all of it back when one
 * says no. Throws PlumbError `connection-invalid` or `connection-unknown` for what can not be stored.
 */
export async function establishConnection(
  parts: ConnectParts,
  order: EstablishOrder,
  signal?: AbortSignal,
): Promise<Established> {
  const { integrationKey, connectionId } = order
  const lock = ['establish', parts.environment, integrationKey, connectionId]
  // Of two at once, the one that fails would take back what the other one has stored.
  return parts.db.withLock(lock.join(' '), () => establishAlone(parts, order, signal))
}

async function establishAlone(
  parts: ConnectParts,
  order: EstablishOrder,
  signal: AbortSignal | undefined,
): Promise<Established> {
  const name = { ...order, environment: parts.environment }
  const before = await beforeOf(parts, name)
  const now = new Date(parts.connect.clock.now()).toISOString()
  const connection = await addConnection(parts, { ...order, now })
  const log = parts.connect.logs?.start({ ...connection, kind: 'auth', name: null })
  const error = await problemOf(parts, connection, signal).catch(async (thrown: unknown) => {
    await undo(parts, connection, before)
    log?.finish({ state: 'failed' })
    throw thrown
  })
  if (error !== null) {
    await undo(parts, connection, before)
    finishFailed(log, error)
    return { kind: 'refused', error }
  }
  await tellCreated(parts, connection, log)
  const details = await getConnectionDetails(parts.db, name)
  if (details === null) throw gone(connection)
  log?.finish({ state: 'success' })
  return { kind: 'connected', connection: details, isNew: before === null }
}

async function problemOf(
  parts: ConnectParts,
  connection: Connection,
  signal: AbortSignal | undefined,
): Promise<PlumbError | null> {
  const client = await parts.gateway.forConnection({ ...connection, purpose: 'probe' })
  const refused = (await obtainProblem(client, signal)) ?? checkProblem(await client.check(signal))
  if (refused !== null) return refused
  const verdict = await parts.connect.hooks.validate(connection)
  if (verdict.kind === 'valid') return null
  return new PlumbError({
    code: 'account-refused',
    message: `The account was not accepted: ${verdict.message}`,
    remedy: 'Connect another account, or correct what the message says.',
  })
}

/** A provider without a check endpoint still has to issue a token. */
async function obtainProblem(
  client: ConnectionGateway,
  signal: AbortSignal | undefined,
): Promise<PlumbError | null> {
  const current = await client.credential?.({ renew: false }, signal)
  return current?.kind === 'lost' ? notWorking(current.cause.message) : null
}

/** An outage of the provider says nothing about a credential; a refusal does. */
function checkProblem(check: ConnectionCheck): PlumbError | null {
  switch (check.kind) {
    case 'access-lost':
      // Who may do less than the check asks for has been let in.
      return check.cause.kind === 'missing-scope' ? null : notWorking(check.cause.message)
    case 'refused':
      return notWorking(check.error.message)
    case 'failed':
      return check.status === 401 || check.status === 403
        ? notWorking(`The provider answers its check with status ${check.status}.`)
        : null
    default:
      return null
  }
}

function notWorking(message: string): PlumbError {
  return new PlumbError({
    code: 'account-refused',
    message: `The credential does not open the account. ${message}`,
    remedy: 'Check what was entered, and what it is allowed to do, and connect again.',
  })
}

/** What follows a connection must not undo it. */
async function tellCreated(
  parts: ConnectParts,
  connection: Connection,
  log: OperationLog | undefined,
): Promise<void> {
  try {
    await parts.connect.hooks.created(connection)
  } catch (error) {
    const text = `What follows a new connection failed: ${error instanceof Error ? error.message : String(error)}`
    log?.message({ level: 'error', text })
  }
}

type Before = { readonly stored: StoredConnection; readonly details: ConnectionDetails }

async function beforeOf(
  { db }: Pick<ConnectParts, 'db'>,
  name: Pick<Connection, 'environment' | 'integrationKey' | 'connectionId'>,
): Promise<Before | null> {
  const stored = await getConnection(db, name)
  const details = await getConnectionDetails(db, name)
  return stored === null || details === null ? null : { stored, details }
}

async function undo(
  parts: ConnectParts,
  connection: Connection,
  before: Before | null,
): Promise<void> {
  if (before === null) await deleteConnection(parts.db, connection)
  else await restoreConnection(parts.db, { ...before.details, ...before.stored })
}

function finishFailed(log: OperationLog | undefined, error: PlumbError): void {
  const { code, message, remedy } = error
  log?.finish({ state: 'failed', error: { code, message, remedy } })
}

function gone({ integrationKey, connectionId }: Connection): PlumbError {
  return new PlumbError({
    code: 'connection-unknown',
    message: `Connection "${connectionId}" of "${integrationKey}" was deleted while it was made.`,
    remedy: 'Connect the account again.',
  })
}
