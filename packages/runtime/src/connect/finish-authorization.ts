import { timingSafeEqual } from 'node:crypto'
import { PlumbError } from '@plumb/protocol'
import type { Connection, ConnectionDetails, Credential, JsonObject } from '@plumb/protocol'
import { getAuthorization, getConnectSession, takeAuthorization } from '@plumb/store'
import { ownerOf } from '../connections/connections.js'
import { grantRequest, oauthCredential, readIssued } from '../connections/token-request.js'
import type { TokenOwner } from '../connections/token-client.js'
import { asText, valueAt } from '../gateway/body-value.js'
import { authorizationBodySchema, authorizationContext } from './authorization-body.js'
import type { AuthorizationBody } from './authorization-body.js'
import { hashOf, redirectUriOf } from './connect-parts.js'
import type { ConnectParts } from './connect-parts.js'
import { noteSessionConnected, stillOpen } from './connect-session.js'
import type { ConnectSession, SessionInput } from './connect-session.js'
import { establishClaimed } from './establish-claimed.js'
import { exchangeTemporaryToken } from './oauth1-tokens.js'

/** How a person came back. */
export type Callback = {
  readonly query: Readonly<Record<string, string>>
  /** What the browser brought, by the state it belongs to. Null where the caller is no browser. */
  readonly browser: string | null
  /** A browser always says so; then it must be the one that began. */
  readonly isBrowser: boolean
}

type Taken = {
  readonly session: ConnectSession
  readonly body: AuthorizationBody
  readonly owner: TokenOwner
}

type Authorized = {
  readonly credential: Credential
  readonly connectionConfig: Readonly<Record<string, string>>
}

/**
 * Ends an authorisation: exchanges what the provider sent, once, and establishes the connection. Throws PlumbErrors
 * `authorization-failed`, `session-invalid` and `account-refused` that say what a person can do.
 */
export async function finishAuthorization(
  parts: ConnectParts,
  callback: Callback,
  signal?: AbortSignal,
): Promise<ConnectionDetails> {
  const { session, body, owner } = await take(parts, callback)
  const here = { ...parts, environment: session.environment }
  refuseErrorAnswer(callback.query, owner)
  const authorized = await authorize(here, { session, body, owner }, callback.query)
  const { integrationKey } = owner.connection
  const { connectionId } = body
  const order = { integrationKey, connectionId, ...authorized, ...labelsOf(session) }
  const established = await establishClaimed(here, { owner, order }, signal)
  if (established.kind === 'refused') throw established.error
  await noteSessionConnected(here, session, established.connection)
  return established.connection
}

/** Of the session, what its connections are found by later. */
export function labelsOf({ body }: ConnectSession) {
  const { end_user, organization, tags } = body
  const endUser =
    end_user === undefined ? null : { ...end_user, ...(organization && { organization }) }
  return { endUser, tags }
}

/** Whoever takes a state has it alone; all that is checked before does not use it up for its owner. */
async function take(parts: ConnectParts, { query, browser, isBrowser }: Callback): Promise<Taken> {
  const stateHash = hashOf(query['state'] ?? '')
  const kept = await getAuthorization(parts.db, stateHash)
  if (kept === null)
    throw stateProblem('The answer belongs to no authorisation that was begun here.')
  if (isBrowser && !sameHash(kept.browserHash, hashOf(browser ?? ''))) {
    throw stateProblem('The authorisation was begun in another browser.')
  }
  const at = parts.connect.clock.now()
  if (!(await takeAuthorization(parts.db, stateHash, new Date(at).toISOString()))) {
    throw kept.usedAt === null
      ? stateProblem('The authorisation took longer than ten minutes.')
      : stateProblem('The answer was used already.', reloaded)
  }
  const found = await getConnectSession<SessionInput>(parts.db, { id: kept.sessionId })
  if (found === null) throw stateProblem('The connect session was ended.')
  const session = stillOpen(found, at)
  const text = parts.keys.decrypt(kept.encryptedBody, authorizationContext(stateHash))
  const body = authorizationBodySchema.parse(JSON.parse(text))
  const { environment, integrationKey } = kept
  const { integration, provider } = await ownerOf({ ...parts, environment }, integrationKey)
  const { connectionId, connectionConfig } = body
  const connection: Connection = {
    ...{ environment, integrationKey, connectionId, connectionConfig, provider: provider.name },
    ...{ state: 'ok', metadata: {}, createdAt: '', updatedAt: '' },
  }
  return { session, body, owner: { integration, provider, connection } }
}

function sameHash(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'))
}

async function authorize(
  parts: ConnectParts,
  taken: Taken,
  query: Callback['query'],
): Promise<Authorized> {
  const { body, owner } = taken
  const { auth } = owner.provider
  if (auth.mode === 'app') return installed(taken, query)
  if (auth.mode !== 'oauth1') return exchangeCode(parts, taken, query)
  const pair = body.requestToken
  const client = body.client ?? owner.integration.oauthClient
  if (pair === undefined || client === undefined || query['oauth_token'] !== pair.token) {
    throw stateProblem('The answer belongs to another authorisation.')
  }
  const verifier = query['oauth_verifier'] ?? ''
  const kept = await exchangeTemporaryToken(parts, owner, { auth, client, pair, verifier })
  const own = body.client === undefined ? {} : { client: body.client }
  return {
    credential: { kind: 'oauth1', token: kept.token, tokenSecret: kept.secret, ...own },
    connectionConfig: body.connectionConfig,
  }
}

function installed({ body, owner }: Taken, query: Callback['query']): Authorized {
  const installationId = query['installation_id'] ?? ''
  if (!/^[\w-]{1,64}$/.test(installationId)) {
    const asked = query['setup_action'] === 'request'
    throw failed(
      owner,
      asked ? 'an owner of the organisation has to approve first' : 'no installation was named',
      asked ? 'Ask an owner to approve the installation, then connect again.' : 'Connect again.',
    )
  }
  const { connectionConfig } = body
  return { credential: { kind: 'app', installationId }, connectionConfig }
}

async function exchangeCode(
  parts: ConnectParts,
  { body, owner }: Taken,
  query: Callback['query'],
): Promise<Authorized> {
  const code = query['code'] ?? ''
  if (code === '') throw failed(owner, 'its answer holds no code', 'Connect again.')
  if (body.issuer !== undefined && query['iss'] !== undefined && query['iss'] !== body.issuer) {
    throw failed(owner, 'the answer comes from another authorization server', 'Connect again.')
  }
  const grant = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUriOf(parts),
    ...(body.verifier !== undefined && { code_verifier: body.verifier }),
  }
  // Not cancelled with the request: a code that was exchanged can not be exchanged again.
  const answer = await parts.connect.transport.send(grantRequest(owner, grant, body.client))
  const read = readIssued(answer, parts.connect.clock.now())
  if (read.kind !== 'issued') throw exchangeFailed(owner, read.error, parts)
  const credential = oauthCredential(read.issued, {
    scopes: body.scopes,
    ...(body.client !== undefined && { client: body.client }),
  })
  const told = configFrom(owner, { ...query, ...read.issued.fields })
  return { credential, connectionConfig: { ...body.connectionConfig, ...told } }
}

function configFrom({ provider }: TokenOwner, told: JsonObject): Record<string, string> {
  const { auth } = provider
  const rules = (auth.mode === 'oauth2' && auth.connectionConfigFrom) || {}
  const found = Object.entries(rules).map(([name, path]) => [name, asText(valueAt(told, path))])
  return Object.fromEntries(found.filter(([, value]) => value !== '')) as Record<string, string>
}

/** What providers say instead of a code. */
function refuseErrorAnswer(query: Callback['query'], owner: TokenOwner): void {
  const code = query['error']
  if (query['denied'] !== undefined) throw denied(owner)
  if (code === undefined) return
  if (/^(access_denied|user_cancelled.*|consent_required)$/.test(code)) throw denied(owner)
  const said = query['error_description'] ?? ''
  throw failed(
    owner,
    `it answered "${clip(code)}"${said === '' ? '' : ` (${clip(said)})`}`,
    code === 'invalid_scope'
      ? `Correct the scopes of integration "${owner.connection.integrationKey}".`
      : 'Connect again; when it stays, check the client of the integration.',
  )
}

function denied(owner: TokenOwner): PlumbError {
  return failed(owner, 'access was denied there', 'Connect again, and allow the access.')
}

function exchangeFailed(owner: TokenOwner, error: string, parts: ConnectParts): PlumbError {
  const { integrationKey } = owner.connection
  if (/redirect/.test(error)) {
    const remedy = `Register ${redirectUriOf(parts)} as redirect address of the client of "${integrationKey}".`
    return failed(owner, `it knows another redirect address ("${clip(error)}")`, remedy)
  }
  if (/client/.test(error)) {
    const remedy = `Correct client id and client secret of integration "${integrationKey}".`
    return failed(owner, `it refuses the client of the integration ("${clip(error)}")`, remedy)
  }
  return failed(owner, `it gave no token for the code ("${clip(error)}")`, 'Connect again.')
}

/** What a provider says may be long, and is not ours. */
function clip(text: string): string {
  const flat = [...text].map((char) => (char < ' ' ? ' ' : char)).join('')
  return flat.length > 200 ? `${flat.slice(0, 200)}...` : flat
}

function failed({ provider }: TokenOwner, reason: string, remedy: string): PlumbError {
  return new PlumbError({
    code: 'authorization-failed',
    message: `${provider.displayName} was not connected: ${reason}.`,
    remedy,
  })
}

const fromTheStart =
  'Begin again with the link of the product that sent you there, and finish in the same browser.'
/** Most often the page that told of the connection was loaded again. */
const reloaded = `If you have read here that your account is connected, it is, and you can close this window. ${fromTheStart.replace('Begin', 'Otherwise begin')}`

function stateProblem(message: string, remedy = fromTheStart): PlumbError {
  return new PlumbError({ code: 'authorization-failed', message, remedy })
}
