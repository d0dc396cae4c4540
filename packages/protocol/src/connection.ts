import { z } from 'zod'
import { jsonObjectSchema } from './json.js'

/** A token that a machine obtained with the rest of the credential; renewed when it ends. */
const obtained = {
  token: z.string().optional(),
  /** ISO 8601. */
  expiresAt: z.string().optional(),
  /** ISO 8601; kept of a token that lives for minutes only. */
  issuedAt: z.string().optional(),
}

const values = z.record(z.string(), z.string())

/** An OAuth client that belongs to one connection: registered for it, or the customer's own. */
const ownClientSchema = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().optional(),
  tokenUrl: z.string().optional(),
  revocationUrl: z.string().optional(),
  tokenAuth: z.enum(['basic', 'body']).optional(),
  /** Names the resource in each token request (RFC 8707). */
  resource: z.string().optional(),
})

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
    /** ISO 8601; kept of a token that lives for minutes only. */
    issuedAt: z.string().optional(),
    scopes: z.array(z.string()).default([]),
    /** Used instead of the client of the integration. */
    client: ownClientSchema.optional(),
    /** The whole answer of the token endpoint, for members that a provider adds. */
    raw: jsonObjectSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('client-credentials'),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1),
    scopes: z.array(z.string()).optional(),
    ...obtained,
  }),
  z.strictObject({ kind: z.literal('two-step'), values, ...obtained }),
  z.strictObject({ kind: z.literal('jwt'), values, ...obtained }),
  z.strictObject({
    kind: z.literal('oauth1'),
    token: z.string().min(1),
    tokenSecret: z.string(),
    client: ownClientSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('app'),
    installationId: z.string().min(1),
    /** Of the customer's own app; default: that of the integration. */
    appId: z.string().optional(),
    privateKey: z.string().optional(),
    ...obtained,
  }),
  z.strictObject({
    kind: z.literal('aws'),
    accessKeyId: z.string().min(1),
    secretAccessKey: z.string().min(1),
    sessionToken: z.string().optional(),
    region: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('none') }),
])

/** A configured provider. `baseUrl` replaces the provider's (a private installation, a test account). */
export const integrationSchema = z.strictObject({
  integrationKey: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_.-]{0,199}$/,
      'expected up to 200 letters, digits, "-", "_" and ".", the first one a letter or a digit',
    ),
  provider: z.string(),
  baseUrl: z.string().optional(),
  /** Replaces the token endpoint of the provider entry together with `baseUrl`. */
  tokenUrl: z.string().optional(),
  oauthClient: z.strictObject({ clientId: z.string(), clientSecret: z.string() }).optional(),
  displayName: z.string().optional(),
  /** Asked for instead of those of the provider entry. */
  scopes: z.array(z.string()).optional(),
  /** Of `app` installations: id, private key in PEM form, and name in the address where it is installed. */
  app: z
    .strictObject({ appId: z.string(), privateKey: z.string(), slug: z.string().optional() })
    .optional(),
  forwardWebhooks: z.boolean().optional(),
})

export const connectionStateSchema = z.enum(['ok', 'refreshing', 'needs-reconnect', 'revoked'])

/** Where integrations and connections of a person's own machine live, when nothing else is said. */
export const defaultEnvironment = 'dev'

export const environmentSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'expected up to 40 small letters, digits and "-", the first one no "-"',
  )

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

/** Whose account a connection is, in words of the product that Plumb works for. */
export const endUserSchema = z.object({
  id: z.string().min(1).max(255),
  email: z.string().max(320).nullish(),
  display_name: z.string().max(255).nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  organization: z
    .object({ id: z.string().min(1).max(255), display_name: z.string().max(255).nullish() })
    .nullish(),
})

export type EndUser = z.infer<typeof endUserSchema>

/** Why a connection does not work, in the provider's words where it gave some. */
export type ConnectionError = {
  /** Such as `invalid_grant`. */
  readonly code: string
  readonly message: string
  /** ISO 8601. */
  readonly at: string
}

/** A connection with everything a list shows; never its secret. */
export type ConnectionDetails = Connection & {
  /** Grows with each new connection. */
  readonly number: number
  readonly endUser: EndUser | null
  readonly tags: Readonly<Record<string, string>>
  readonly error: ConnectionError | null
  /** ISO 8601; null when nothing has to be renewed by schedule. */
  readonly tokenExpiresAt: string | null
  readonly lastFetchedAt: string | null
}

export type Credential = z.infer<typeof credentialSchema>
export type CredentialOf<Kind extends Credential['kind']> = Extract<Credential, { kind: Kind }>
export type OwnClient = z.infer<typeof ownClientSchema>
export type Integration = z.infer<typeof integrationSchema>
