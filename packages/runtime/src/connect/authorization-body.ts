import { saveAuthorization } from '@plumb/store'
import { z } from 'zod'
import { hashOf } from './connect-parts.js'
import type { ConnectParts } from './connect-parts.js'
import type { ConnectSession } from './connect-session.js'

const client = z.strictObject({
  clientId: z.string(),
  clientSecret: z.string().optional(),
  tokenUrl: z.string().optional(),
  revocationUrl: z.string().optional(),
  tokenAuth: z.enum(['basic', 'body']).optional(),
  resource: z.string().optional(),
})

/** What has to be remembered between the way to a provider and the way back; kept encrypted. */
export const authorizationBodySchema = z.strictObject({
  connectionId: z.string(),
  connectionConfig: z.record(z.string(), z.string()),
  scopes: z.array(z.string()).default([]),
  /** Of PKCE. */
  verifier: z.string().optional(),
  /** Other than that of the integration. */
  client: client.optional(),
  /** Who must have sent the answer (RFC 9207). */
  issuer: z.string().optional(),
  /** Of OAuth 1. */
  requestToken: z.strictObject({ token: z.string(), secret: z.string() }).optional(),
})

export type AuthorizationBody = z.infer<typeof authorizationBodySchema>
export type OwnOAuthClient = NonNullable<AuthorizationBody['client']>

/** How long a person may take at the provider, in milliseconds. */
const authorizationMs = 10 * 60_000

export function authorizationContext(stateHash: string): string {
  return `authorization ${stateHash}`
}

/** Keeps an authorisation that begins now under the hash of its state. */
export async function keepAuthorization(
  parts: ConnectParts,
  o: {
    readonly session: ConnectSession
    readonly integrationKey: string
    readonly state: string
    readonly browser: string
    readonly body: z.input<typeof authorizationBodySchema>
  },
): Promise<void> {
  const now = parts.connect.clock.now()
  const stateHash = hashOf(o.state)
  await saveAuthorization(parts.db, {
    stateHash,
    sessionId: o.session.id,
    environment: o.session.environment,
    integrationKey: o.integrationKey,
    browserHash: hashOf(o.browser),
    encryptedBody: parts.keys.encrypt(JSON.stringify(o.body), authorizationContext(stateHash)),
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(now + authorizationMs).toISOString(),
  })
}
