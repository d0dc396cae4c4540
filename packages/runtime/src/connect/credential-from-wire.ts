import { credentialSchema, PlumbError } from '@plumb/protocol'
import type { Credential, Provider, ProviderAuth } from '@plumb/protocol'
import { z } from 'zod'
import { describeIssues } from '../connections/describe-issues.js'

type Wire = Readonly<Record<string, unknown>>

const typeOfMode: Readonly<Record<ProviderAuth['mode'], string>> = {
  oauth2: 'OAUTH2',
  'client-credentials': 'OAUTH2_CC',
  'api-key': 'API_KEY',
  bearer: 'API_KEY',
  basic: 'BASIC',
  'two-step': 'TWO_STEP',
  jwt: 'JWT',
  oauth1: 'OAUTH1',
  app: 'APP',
  'mcp-oauth2': 'MCP_OAUTH2',
  'aws-sigv4': 'AWS_SIGV4',
  none: 'NONE',
}

/** The name that existing products know a way of authorising by. */
export function wireModeOf({ auth }: Pick<Provider, 'auth'>): string {
  return typeOfMode[auth.mode]
}

const text = z.string().min(1)
const time = z
  .union([z.string(), z.number()])
  .transform((value) => new Date(typeof value === 'number' && value < 1e11 ? value * 1000 : value))
  .refine((date) => !Number.isNaN(date.getTime()), 'not a time')
  .transform((date) => date.toISOString())

/**
 * A credential as it comes from a product's backend or from a connect page. Without a `type` it is that of the
 * provider. Throws PlumbError `connection-invalid`, never with a value of it.
 */
export function credentialFromWire(provider: Provider, wire: Wire): Credential {
  const type = typeof wire['type'] === 'string' ? wire['type'].toUpperCase() : wireModeOf(provider)
  const read = readers[type]
  if (read === undefined) {
    throw wrong(`its type is "${type.slice(0, 40)}"`, Object.keys(readers).join(', '))
  }
  try {
    return credentialSchema.parse(read(wire, provider))
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    throw wrong(
      describeIssues(error, {}),
      `the members of ${type} that ${provider.displayName} needs`,
    )
  }
}

const readers: Readonly<Record<string, (wire: Wire, provider: Provider) => unknown>> = {
  OAUTH2: readOAuth2,
  MCP_OAUTH2: readOAuth2,
  OAUTH2_CC: (wire) => {
    const given = z
      .object({ client_id: text, client_secret: text, scopes: scopes.optional() })
      .parse(wire)
    const own = given.scopes === undefined ? {} : { scopes: given.scopes }
    const { client_id: clientId, client_secret: clientSecret } = given
    return { kind: 'client-credentials', clientId, clientSecret, ...own }
  },
  API_KEY: (wire) => {
    // What is pasted into a form often brings a line break along, and no key has any.
    const key = z.string().trim().min(1)
    const given = z.object({ apiKey: key.optional(), api_key: key.optional() }).parse(wire)
    const apiKey = z.object({ apiKey: key }).parse({ apiKey: given.apiKey ?? given.api_key })
    return { kind: 'api-key', ...apiKey }
  },
  BASIC: (wire) => {
    const pair = z.object({ username: z.string(), password: z.string().default('') })
    const given = pair
      .refine(({ username, password }) => username + password !== '', 'both are empty')
      .parse(wire)
    return { kind: 'basic', ...given }
  },
  TWO_STEP: (wire, provider) => ({ kind: 'two-step', values: valuesOf(wire, provider) }),
  JWT: (wire, provider) => ({ kind: 'jwt', values: valuesOf(wire, provider) }),
  OAUTH1: (wire) => {
    const given = z.object({ oauth_token: text, oauth_token_secret: z.string() }).parse(wire)
    return { kind: 'oauth1', token: given.oauth_token, tokenSecret: given.oauth_token_secret }
  },
  APP: readApp,
  CUSTOM: readApp,
  AWS_SIGV4: (wire) => {
    const optional = { session_token: text.optional(), region: text.optional() }
    const given = z
      .object({ access_key_id: text, secret_access_key: text, ...optional })
      .parse(wire)
    return {
      kind: 'aws',
      accessKeyId: given.access_key_id,
      secretAccessKey: given.secret_access_key,
      ...(given.session_token !== undefined && { sessionToken: given.session_token }),
      ...(given.region !== undefined && { region: given.region }),
    }
  },
  NONE: () => ({ kind: 'none' }),
}

const scopes = z.union([
  z.array(z.string()),
  z.string().transform((list) => list.split(/[ ,]+/).filter((scope) => scope !== '')),
])

const oauth2Wire = z.object({
  access_token: text,
  refresh_token: text.nullish(),
  expires_at: time.nullish(),
  scopes: scopes.nullish(),
  scope: scopes.nullish(),
  config_override: z
    .object({ client_id: text.optional(), client_secret: text.optional() })
    .nullish(),
})

function readOAuth2(wire: Wire): unknown {
  const given = oauth2Wire.parse(wire)
  const { client_id: clientId, client_secret: clientSecret } = given.config_override ?? {}
  return {
    kind: 'oauth2',
    accessToken: given.access_token,
    ...(given.refresh_token && { refreshToken: given.refresh_token }),
    ...(given.expires_at && { expiresAt: given.expires_at }),
    scopes: given.scopes ?? given.scope ?? [],
    ...(clientId !== undefined && {
      client: { clientId, ...(clientSecret !== undefined && { clientSecret }) },
    }),
  }
}

function readApp(wire: Wire): unknown {
  const id = z.union([text, z.number().transform(String)])
  const optional = { app_id: id.optional(), private_key: text.optional() }
  const given = z.object({ installation_id: id, ...optional }).parse(wire)
  const own = given.private_key === undefined ? {} : { privateKey: given.private_key }
  return {
    kind: 'app',
    installationId: given.installation_id,
    // An app id alone names the app of the integration; with a key it is the customer's own.
    ...(given.private_key !== undefined && given.app_id !== undefined && { appId: given.app_id }),
    ...own,
  }
}

/** What the provider entry asks for, as texts; anything else is left out. */
function valuesOf(wire: Wire, { auth }: Provider): Record<string, string> {
  if (auth.mode !== 'two-step' && auth.mode !== 'jwt') return {}
  const fields = Object.entries(auth.credentials).map(([name, { pattern, title }]) => {
    const field = z.union([text, z.number().transform(String)])
    const wanted = new RegExp(`^(?:${pattern ?? '.*'})$`, 's')
    return [
      name,
      field.refine((value) => wanted.test(value), `does not look like ${title}`),
    ] as const
  })
  return z.object(Object.fromEntries(fields)).parse(wire)
}

function wrong(what: string, remedy: string): PlumbError {
  return new PlumbError({
    code: 'connection-invalid',
    message: `The credential is not usable: ${what}.`,
    remedy: `Give ${remedy}.`,
  })
}
