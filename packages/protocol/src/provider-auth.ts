import { z } from 'zod'

const texts = z.record(z.string(), z.string())

/** Where a secret goes in a request; a header when neither is named is `Authorization: Bearer`. */
const placement = {
  /** At most one of `header` and `query` names where the token goes. */
  header: z.string().optional(),
  query: z.string().optional(),
  /** Text before the token in the header, such as `Token `. Default: `Bearer ` in `Authorization`, else nothing. */
  prefix: z.string().optional(),
}

/** What a customer types in for their own account; `secret` is never shown again. */
const credentialFieldSchema = z.strictObject({
  title: z.string(),
  description: z.string().optional(),
  example: z.string().optional(),
  /** Regular expression that the whole value matches. */
  pattern: z.string().optional(),
  secret: z.boolean().default(true),
  /** Several lines, such as a private key in PEM form. */
  multiline: z.boolean().optional(),
})

const scopes = {
  scopes: z.array(z.string()).default([]),
  scopeSeparator: z.string().default(' '),
}

const tokenEndpoint = {
  tokenUrl: z.string(),
  /** How the client authenticates at the token endpoint. */
  tokenAuth: z.enum(['basic', 'body']).default('body'),
  /** Further members of each token request. */
  tokenParams: texts.optional(),
  /** How a token request is encoded. Default: as a form. */
  tokenFormat: z.enum(['form', 'json']).optional(),
}

const oauth2Auth = z.strictObject({
  mode: z.literal('oauth2'),
  authorizationUrl: z.string(),
  ...tokenEndpoint,
  /** Where a refresh token is exchanged, when it is not `tokenUrl`. */
  refreshUrl: z.string().optional(),
  /** Where a token is given back when its connection is deleted (RFC 7009). */
  revocationUrl: z.string().optional(),
  pkce: z.boolean().default(true),
  ...scopes,
  authorizationParams: texts.default({}),
  /** Members of the callback or of the token answer that become `connectionConfig`, by their dotted path. */
  connectionConfigFrom: texts.optional(),
})

const clientCredentialsAuth = z.strictObject({
  mode: z.literal('client-credentials'),
  ...tokenEndpoint,
  ...scopes,
  ...placement,
})

const apiKeyAuth = z.strictObject({
  mode: z.literal('api-key'),
  /** Exactly one of `header` and `query` names where the key goes. */
  header: z.string().optional(),
  query: z.string().optional(),
  /** Text before the key in the header, such as `Token `. */
  prefix: z.string().default(''),
})

/** How long a token lives that a machine obtained: told by the answer, or known. */
const lifetime = {
  /** Dotted path to a number of seconds in the answer. */
  expiresInPath: z.string().optional(),
  /** Dotted path to a time in the answer: ISO 8601, or epoch in seconds or milliseconds. */
  expiresAtPath: z.string().optional(),
  /** Where the answer tells neither. */
  ttlSeconds: z.number().int().positive().optional(),
}

const twoStepAuth = z.strictObject({
  mode: z.literal('two-step'),
  /** What the customer gives; texts of `token` use it as `${credentials.name}`. */
  credentials: z.record(z.string(), credentialFieldSchema),
  token: z.strictObject({
    method: z.enum(['GET', 'POST', 'PUT']).default('POST'),
    url: z.string(),
    headers: texts.optional(),
    query: texts.optional(),
    /** User name and password of an `Authorization: Basic` header. */
    basic: z.strictObject({ username: z.string(), password: z.string() }).optional(),
    /** A JSON value whose texts may hold placeholders; with `form` a flat object. */
    body: z.json().optional(),
    bodyFormat: z.enum(['json', 'form']).default('json'),
    /** Dotted path to the token in the JSON answer; `header:name` for one in a header, `text` for the whole body. */
    tokenPath: z.string(),
    ...lifetime,
  }),
  ...placement,
})

const jwtAuth = z.strictObject({
  mode: z.literal('jwt'),
  credentials: z.record(z.string(), credentialFieldSchema),
  algorithm: z.enum(['HS256', 'RS256', 'ES256']),
  /** The key: PEM text, or the secret of HS256. */
  key: z.string().default('${credentials.privateKey}'),
  /** How the text of an HS256 secret stands for its bytes. */
  keyEncoding: z.enum(['utf8', 'hex', 'base64']).default('utf8'),
  /** Beside `alg` and `typ`. */
  joseHeader: texts.optional(),
  /** Beside `iat` and `exp`. */
  claims: z.record(z.string(), z.json()).default({}),
  ttlSeconds: z.number().int().positive().default(300),
  /** Exchanges the signed token for the one that calls carry; `${jwt}` stands for it. */
  exchange: twoStepAuth.shape.token.optional(),
  ...placement,
})

const oauth1Auth = z.strictObject({
  mode: z.literal('oauth1'),
  requestTokenUrl: z.string(),
  authorizationUrl: z.string(),
  accessTokenUrl: z.string(),
  /** With `RSA-SHA1` the client secret of the integration is the private key, in PEM form. */
  signatureMethod: z
    .enum(['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT'])
    .default('HMAC-SHA1'),
  authorizationParams: texts.default({}),
})

const appAuth = z.strictObject({
  mode: z.literal('app'),
  /** Where the customer installs the app; `${app.slug}` is that of the integration. */
  installationUrl: z.string(),
  /** Answers the token of an installation; holds `${connectionConfig.installation_id}`. */
  tokenUrl: z.string(),
  tokenPath: z.string().default('token'),
  expiresAtPath: z.string().default('expires_at'),
  headers: texts.optional(),
})

const mcpAuth = z.strictObject({
  mode: z.literal('mcp-oauth2'),
  ...scopes,
  /** The MCP server that says who authorises; default: the base URL. */
  resource: z.string().optional(),
})

const awsAuth = z.strictObject({
  mode: z.literal('aws-sigv4'),
  /** Name of the service in the signature, such as `s3`. */
  service: z.string(),
  /** Default: that of the credential. */
  region: z.string().optional(),
})

/** How a credential is obtained and attached to a request. */
export const providerAuthSchema = z.discriminatedUnion('mode', [
  oauth2Auth,
  clientCredentialsAuth,
  apiKeyAuth,
  z.strictObject({ mode: z.literal('bearer') }),
  z.strictObject({ mode: z.literal('basic') }),
  twoStepAuth,
  jwtAuth,
  oauth1Auth,
  appAuth,
  mcpAuth,
  awsAuth,
  z.strictObject({ mode: z.literal('none') }),
])

export type ProviderAuth = z.infer<typeof providerAuthSchema>
/** The entry's way of authorising, of one mode. */
export type AuthOf<Mode extends ProviderAuth['mode']> = Extract<ProviderAuth, { mode: Mode }>
