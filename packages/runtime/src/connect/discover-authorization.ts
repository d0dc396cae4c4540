import { PlumbError } from '@plumb/protocol'
import type { AuthOf } from '@plumb/protocol'
import { getOAuthClient, saveOAuthClient } from '@plumb/store'
import { z } from 'zod'
import type { TokenOwner } from '../connections/token-client.js'
import { baseAddressOf, isLocal } from '../gateway/base-address.js'
import { jsonIn } from '../gateway/body-value.js'
import { isPrivateAddress } from '../gateway/private-address.js'
import type { OwnOAuthClient } from './authorization-body.js'
import { redirectUriOf } from './connect-parts.js'
import type { ConnectParts } from './connect-parts.js'

export type Discovered = {
  readonly issuer: string
  readonly authorizationUrl: string
  readonly scopes: readonly string[]
  readonly client: OwnOAuthClient
}

const resourceMetadata = z.object({
  resource: z.string().optional(),
  authorization_servers: z.array(z.string()).optional(),
  scopes_supported: z.array(z.string()).optional(),
})

const serverMetadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  registration_endpoint: z.string().optional(),
  revocation_endpoint: z.string().optional(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
})

const registeredClient = z.object({
  client_id: z.string().min(1),
  client_secret: z.string().optional(),
  token_endpoint_auth_method: z.string().optional(),
})

type ServerMetadata = z.infer<typeof serverMetadata>
type Seeker = {
  readonly parts: ConnectParts
  readonly owner: TokenOwner
  readonly resource: string
}

/**
 * Finds who authorises for an MCP server (RFC 9728, RFC 8414), and a client there: that of the integration, or one
 * that is registered once (RFC 7591). Throws PlumbError `authorization-failed`.
 */
export async function discoverAuthorization(
  parts: ConnectParts,
  owner: TokenOwner,
  auth: AuthOf<'mcp-oauth2'>,
): Promise<Discovered> {
  const { integration, provider, connection } = owner
  const resource = auth.resource ?? baseAddressOf(provider, integration, connection).baseUrl
  const seeker = { parts, owner, resource }
  const described = await describeResource(seeker)
  const issuer = described?.authorization_servers?.[0] ?? new URL(resource).origin
  const server = await describeServer(seeker, issuer)
  refuseWithoutPkce(seeker, server)
  const client = await clientAt(seeker, server)
  return {
    issuer: server.issuer,
    authorizationUrl: server.authorization_endpoint,
    scopes: described?.scopes_supported ?? [],
    client: {
      ...client,
      tokenUrl: server.token_endpoint,
      resource: described?.resource ?? resource,
      ...(server.revocation_endpoint !== undefined && {
        revocationUrl: server.revocation_endpoint,
      }),
    },
  }
}

function refuseWithoutPkce(seeker: Seeker, server: ServerMetadata): void {
  const methods = server.code_challenge_methods_supported
  if (methods === undefined || methods.includes('S256')) return
  throw failed(seeker, `"${server.issuer}" does not offer PKCE with S256`)
}

async function describeResource(seeker: Seeker) {
  for (const url of wellKnown(seeker.resource, 'oauth-protected-resource')) {
    const parsed = resourceMetadata.safeParse(await getJson(seeker, url))
    if (!parsed.success) continue
    const told = parsed.data.resource
    // Metadata of somebody else would send people and their codes there.
    if (told !== undefined && originOf(told, seeker.resource) !== originOf(seeker.resource)) {
      throw failed(seeker, `its metadata is about "${clip(told)}"`)
    }
    return parsed.data
  }
  return null
}

async function describeServer(seeker: Seeker, issuer: string): Promise<ServerMetadata> {
  if (!URL.canParse(issuer)) throw failed(seeker, `its authorization server is "${clip(issuer)}"`)
  const names = ['oauth-authorization-server', 'openid-configuration']
  const appended = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  for (const url of [...names.flatMap((name) => wellKnown(issuer, name)), appended]) {
    const parsed = serverMetadata.safeParse(await getJson(seeker, url))
    if (!parsed.success) continue
    if (withoutSlash(parsed.data.issuer) !== withoutSlash(issuer)) {
      throw failed(seeker, `"${issuer}" describes itself as "${clip(parsed.data.issuer)}"`)
    }
    return checkedEndpoints(seeker, parsed.data)
  }
  throw failed(seeker, `"${issuer}" publishes no authorization server metadata`)
}

/** People are sent to the first, and secrets to the others. */
function checkedEndpoints(seeker: Seeker, server: ServerMetadata): ServerMetadata {
  const { authorization_endpoint, token_endpoint } = server
  const { registration_endpoint, revocation_endpoint } = server
  const endpoints = [token_endpoint, registration_endpoint, revocation_endpoint]
  for (const url of [authorization_endpoint, ...endpoints]) {
    if (url !== undefined && !isUsable(seeker, url)) {
      throw failed(seeker, `its endpoint "${clip(url)}" is no https address of the internet`)
    }
  }
  return server
}

/** Nobody who is found out there may lead a token, or us, to this machine or its networks. */
function isUsable(seeker: Seeker, url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  if (/^https?:$/.test(protocol) && mayGo(seeker, url)) return true
  return protocol === 'https:' && hostname !== 'localhost' && !isPrivateAddress(hostname)
}

async function clientAt(seeker: Seeker, server: ServerMetadata): Promise<OwnOAuthClient> {
  const { parts, owner } = seeker
  const { integration } = owner
  if (integration.oauthClient !== undefined) return integration.oauthClient
  const redirectUri = redirectUriOf(parts)
  const { issuer } = server
  const { environment } = parts
  const name = { environment, integrationKey: integration.integrationKey, issuer, redirectUri }
  const context = registeredContext(name)
  const known = await getOAuthClient(parts.db, name)
  if (known !== null) return JSON.parse(parts.keys.decrypt(known, context)) as OwnOAuthClient
  const client = await register(seeker, server, redirectUri)
  await saveOAuthClient(parts.db, name, parts.keys.encrypt(JSON.stringify(client), context))
  return client
}

/** Binds an encrypted client to where it was registered. */
export function registeredContext(name: {
  readonly environment: string
  readonly integrationKey: string
  readonly issuer: string
}): string {
  return `registered client ${name.environment}/${name.integrationKey} at ${name.issuer}`
}

async function register(
  seeker: Seeker,
  server: ServerMetadata,
  redirectUri: string,
): Promise<OwnOAuthClient> {
  const { registration_endpoint: url, token_endpoint_auth_methods_supported: methods = [] } = server
  if (url === undefined) throw failed(seeker, `"${server.issuer}" registers no clients by itself`)
  const method = methods.length === 0 || methods.includes('none') ? 'none' : methods[0]
  const answer = await send(seeker, {
    url,
    body: {
      client_name: 'Plumb',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: method,
    },
  })
  const parsed = registeredClient.safeParse(answer)
  if (!parsed.success) throw failed(seeker, `"${server.issuer}" registered no client`)
  const { client_id, client_secret, token_endpoint_auth_method } = parsed.data
  return {
    clientId: client_id,
    ...(client_secret !== undefined && { clientSecret: client_secret }),
    tokenAuth: token_endpoint_auth_method === 'client_secret_basic' ? 'basic' : 'body',
  }
}

/** Both places of metadata: before the path, and at the root. */
function wellKnown(address: string, name: string): string[] {
  const { origin, pathname } = new URL(address)
  const path = withoutSlash(pathname)
  const root = `${origin}/.well-known/${name}`
  return path === '' ? [root] : [`${root}${path}`, root]
}

async function getJson(seeker: Seeker, url: string): Promise<unknown> {
  return send(seeker, { url })
}

async function send(
  seeker: Seeker,
  { url, body }: { readonly url: string; readonly body?: unknown },
): Promise<unknown> {
  const headers = { accept: 'application/json', 'user-agent': 'plumb' }
  const answer = await seeker.parts.connect.transport.send({
    method: body === undefined ? 'GET' : 'POST',
    url,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    body: body === undefined ? null : Buffer.from(JSON.stringify(body), 'utf8'),
    allowPrivateAddress: mayGo(seeker, url),
    timeoutMs: 30_000,
  })
  if (answer.kind === 'failure' || answer.status >= 300) return undefined
  return jsonIn(answer.body)
}

/** A server in the internet must not lead to a private address; a local one may stay on its own host. */
function mayGo({ resource }: Seeker, url: string): boolean {
  return isLocal(resource) && new URL(url).hostname === new URL(resource).hostname
}

/** Empty for what is no address. */
function originOf(url: string, base?: string): string {
  return URL.canParse(url, base) ? new URL(url, base).origin : ''
}

/** What a stranger says may be long. */
function clip(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text
}

function withoutSlash(text: string): string {
  return text.replace(/\/+$/, '')
}

function failed({ owner, resource }: Seeker, reason: string): PlumbError {
  return new PlumbError({
    code: 'authorization-failed',
    message: `${owner.provider.displayName} at "${resource}" can not be authorised: ${reason}.`,
    remedy: `Check the base URL of integration "${owner.integration.integrationKey}", or store a client of its own with it.`,
  })
}
