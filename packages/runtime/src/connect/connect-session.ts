import { endUserSchema, PlumbError } from '@plumb/protocol'
import {
  getConnectionDetails,
  getConnectSession,
  noteConnected,
  saveConnectSession,
} from '@plumb/store'
import type { ConnectionOfSession, StoredSession } from '@plumb/store'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { readIntegrations } from '../connections/integrations.js'
import { hashOf } from './connect-parts.js'
import type { ConnectParts } from './connect-parts.js'

const texts = z.record(z.string(), z.string())

/** What the opener of a session decides, in the words of the wire. */
export const sessionInputSchema = z.object({
  end_user: endUserSchema.optional(),
  organization: endUserSchema.shape.organization,
  tags: texts.default({}),
  allowed_integrations: z.array(z.string()).min(1).optional(),
  integrations_config_defaults: z
    .record(
      z.string(),
      z.object({
        user_scopes: z.string().optional(),
        authorization_params: texts.optional(),
        connection_config: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
  overrides: z.record(z.string(), z.object({ docs_connect: z.string().optional() })).optional(),
})

export type SessionInput = z.infer<typeof sessionInputSchema>
export type ConnectSession = StoredSession<SessionInput>

export type OpenedSession = {
  readonly id: string
  /** Known to the caller alone; the database has its hash. */
  readonly token: string
  /** ISO 8601. */
  readonly expiresAt: string
  /** Where a person goes on. */
  readonly link: string
}

/** Half an hour, in milliseconds. */
const sessionMs = 30 * 60_000

/**
 * Permits the connecting of accounts for half an hour. With `reconnect`, only of that connection.
 * Throws PlumbError `connection-unknown` or `input-invalid`.
 */
export async function openConnectSession(
  parts: ConnectParts,
  input: SessionInput,
  reconnect: ConnectionOfSession | null = null,
): Promise<OpenedSession> {
  if (reconnect !== null) await requireConnection(parts, reconnect)
  await refuseUnknown(parts, input.allowed_integrations ?? [])
  const now = parts.connect.clock.now()
  const token = `plumb_connect_${parts.connect.newSecret()}`
  const id = randomUUID()
  const expiresAt = new Date(now + sessionMs).toISOString()
  await saveConnectSession(parts.db, {
    ...{ id, environment: parts.environment, body: input, reconnect },
    ...{ tokenHash: hashOf(token), createdAt: new Date(now).toISOString(), expiresAt },
  })
  return { id, token, expiresAt, link: `${parts.publicUrl}/connect?session_token=${token}` }
}

/** The session of a token, whatever environment it is of. Throws PlumbError `session-invalid`. */
export async function readConnectSession(
  parts: Pick<ConnectParts, 'db' | 'connect'>,
  token: string,
): Promise<ConnectSession> {
  const found = await getConnectSession<SessionInput>(parts.db, { tokenHash: hashOf(token) })
  if (found !== null) return stillOpen(found, parts.connect.clock.now())
  throw sessionInvalid('The connect session is not known.')
}

/** Throws PlumbError `session-invalid` when its time is over. */
export function stillOpen(session: ConnectSession, now: number): ConnectSession {
  if (Date.parse(session.expiresAt) > now) return session
  throw sessionInvalid(`The connect session ended at ${session.expiresAt}.`)
}

/** Throws PlumbError `integration-not-allowed` for one that the session is not for. */
export function refuseOtherIntegration(session: ConnectSession, integrationKey: string): void {
  const allowed =
    session.reconnect === null
      ? (session.body.allowed_integrations ?? [integrationKey])
      : [session.reconnect.integrationKey]
  if (allowed.includes(integrationKey)) return
  throw new PlumbError({
    code: 'integration-not-allowed',
    message: `The connect session is not for integration "${integrationKey.slice(0, 100)}".`,
    remedy: `It may connect ${allowed.join(', ')}.`,
  })
}

/** The connection that a session is to make: a new id, or that of the one to be authorised again. */
export function connectionIdFor(session: ConnectSession): string {
  return session.reconnect?.connectionId ?? randomUUID()
}

export async function noteSessionConnected(
  { db }: Pick<ConnectParts, 'db'>,
  session: ConnectSession,
  { integrationKey, connectionId }: ConnectionOfSession,
): Promise<void> {
  await noteConnected(db, session.id, { integrationKey, connectionId })
}

async function requireConnection(parts: ConnectParts, name: ConnectionOfSession): Promise<void> {
  const { environment } = parts
  if ((await getConnectionDetails(parts.db, { ...name, environment })) !== null) return
  throw new PlumbError({
    code: 'connection-unknown',
    message: `Integration "${name.integrationKey}" has no connection "${name.connectionId}".`,
    remedy: 'Open a session without a connection for a new one.',
  })
}

async function refuseUnknown(parts: ConnectParts, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  const known = (await readIntegrations(parts)).map(({ integrationKey }) => integrationKey)
  const unknown = keys.filter((key) => !known.includes(key))
  if (unknown.length === 0) return
  throw new PlumbError({
    code: 'input-invalid',
    message: `"allowed_integrations" names ${unknown.map((key) => `"${key}"`).join(', ')}, which ${unknown.length === 1 ? 'is no integration' : 'are no integrations'} of environment "${parts.environment}".`,
    remedy: `Use some of ${known.join(', ') || '(there are none yet)'}.`,
  })
}

function sessionInvalid(message: string): PlumbError {
  return new PlumbError({
    code: 'session-invalid',
    message,
    remedy: 'Ask the product that sent you here for a new link; a session lasts 30 minutes.',
  })
}
