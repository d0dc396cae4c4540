import { z } from 'zod'

/** A secret that opens an account. It is stored encrypted and never leaves the control zone. */
export const credentialSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bearer'), token: z.string().min(1) }),
  z.strictObject({ kind: z.literal('api-key'), apiKey: z.string().min(1) }),
  z.strictObject({ kind: z.literal('basic'), username: z.string(), password: z.string() }),
  z.strictObject({
    kind: z.literal('oauth2'),
    accessToken: z.string().min(1),
    refreshToken: z.string().optional(),
    /** ISO 8601; without it the token is used until the provider refuses it. */
    expiresAt: z.string().optional(),
    scopes: z.array(z.string()).default([]),
  }),
  z.strictObject({ kind: z.literal('none') }),
])

/** A configured provider. `baseUrl` replaces the provider's (a private installation, a test account). */
export const integrationSchema = z.strictObject({
  integrationKey: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  provider: z.string(),
  baseUrl: z.string().optional(),
  /** Replaces the token endpoint of the provider entry together with `baseUrl`. */
  tokenUrl: z.string().optional(),
  oauthClient: z.strictObject({ clientId: z.string(), clientSecret: z.string() }).optional(),
})

export const connectionStateSchema = z.enum(['ok', 'refreshing', 'needs-reconnect', 'revoked'])

/** Where integrations and connections of a person's own machine live, when nothing else is said. */
export const defaultEnvironment = 'dev'

export const environmentSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/)

/** A customer's authorised account, without its secret. */
export type Connection = {
  readonly environment: string
  readonly integrationKey: string
  readonly connectionId: string
  readonly provider: string
  readonly state: z.infer<typeof connectionStateSchema>
  readonly connectionConfig: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, unknown>>
  readonly createdAt: string
  readonly updatedAt: string
}

export type Credential = z.infer<typeof credentialSchema>
export type Integration = z.infer<typeof integrationSchema>
