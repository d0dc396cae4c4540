import { credentialSchema, defaultEnvironment, PlumbError } from '@plumb/protocol'
import type { Connection, Credential, EndUser, Integration, Provider } from '@plumb/protocol'
import { getConnection, listConnections, saveConnection } from '@plumb/store'
import type { ConnectionName, StoredConnection } from '@plumb/store'
import { attachCredential } from '../gateway/attach-credential.js'
import { baseAddressOf } from '../gateway/base-address.js'
import { describeIssues } from './describe-issues.js'
import { providerOf, readIntegration } from './integrations.js'
import type { ConnectionStore } from './integrations.js'
import { scheduledExpiry } from './renewal.js'

export type NewConnection = {
  readonly integrationKey: string
  readonly connectionId: string
  readonly credential: Credential
  readonly connectionConfig?: Readonly<Record<string, string>>
  /** Default: what an existing connection of that name has. */
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly endUser?: EndUser | null
  readonly tags?: Readonly<Record<string, string>>
  /** ISO 8601. */
  readonly now: string
}

/** Connects an account, or reconnects the one of that name. Throws PlumbError `connection-invalid` or `connection-unknown`. */
export async function addConnection(
  store: ConnectionStore,
  input: NewConnection,
): Promise<Connection> {
  const { integration, provider } = await ownerOf(store, input.integrationKey)
  const before = await getConnection(store.db, { ...input, environment: store.environment })
  const connection: Connection = {
    environment: store.environment,
    integrationKey: input.integrationKey,
    connectionId: parseConnectionId(input.connectionId),
    provider: provider.name,
    state: 'ok',
    connectionConfig: {
      ...(input.connectionConfig ?? before?.connectionConfig),
      ...installationOf(input.credential),
    },
    metadata: input.metadata ?? before?.metadata ?? {},
    createdAt: input.now,
    updatedAt: input.now,
  }
  const credential = parseCredential(input.credential)
  attachCredential(provider, credential)
  baseAddressOf(provider, integration, connection)
  const encryptedCredential = store.keys.encrypt(
    JSON.stringify(credential),
    credentialContext(connection),
  )
  const stored = await saveConnection(store.db, {
    ...connection,
    encryptedCredential,
    credentialVersion: 1,
    tokenExpiresAt: scheduledExpiry(credential),
    endUser: input.endUser ?? null,
    tags: input.tags ?? {},
  })
  return withoutSecret(stored)
}

/** Which installation an account is of stands in the open too, so that it is found. */
function installationOf(credential: Credential): Record<string, string> {
  return credential.kind === 'app' ? { installation_id: credential.installationId } : {}
}

/** Throws PlumbError `connection-unknown`. */
export async function readConnection(
  store: Pick<ConnectionStore, 'db' | 'environment'>,
  name: Pick<Connection, 'integrationKey' | 'connectionId'>,
): Promise<Connection> {
  return withoutSecret(await readStored(store, name))
}

/** Connections by name, without their secrets. */
export async function readConnections(
  store: Pick<ConnectionStore, 'db' | 'environment'>,
  filter: { readonly integrationKey?: string } = {},
): Promise<readonly Connection[]> {
  const { environment } = store
  return (await listConnections(store.db, { ...filter, environment })).map(withoutSecret)
}

/** Throws PlumbError `connection-unknown`. */
export async function readStored(
  store: Pick<ConnectionStore, 'db' | 'environment'>,
  name: Pick<Connection, 'integrationKey' | 'connectionId'>,
): Promise<StoredConnection> {
  const stored = await getConnection(store.db, { ...name, environment: store.environment })
  if (stored !== null) return stored
  throw new PlumbError({
    code: 'connection-unknown',
    message: `Integration "${name.integrationKey}" has no connection "${name.connectionId}".`,
    remedy: `Add it with \`plumb connections add ${name.integrationKey} ${name.connectionId}\`, or correct the name; \`plumb connections list\` shows what there is.`,
  })
}

/** The integration and its provider. Throws PlumbError `connection-unknown` or `provider-unknown`. */
export async function ownerOf(
  store: ConnectionStore,
  integrationKey: string,
): Promise<{ integration: Integration; provider: Provider }> {
  const integration = await readIntegration(store, integrationKey)
  if (integration === null) {
    throw new PlumbError({
      code: 'connection-unknown',
      message: `There is no integration "${integrationKey}".`,
      remedy: `Add it with its first connection: \`plumb connections add ${integrationKey} <name>\`.`,
    })
  }
  return { integration, provider: providerOf(store.providers, integration.provider) }
}

/** The secret in clear. Throws PlumbError `keys-invalid`. */
export function decryptCredential(
  store: Pick<ConnectionStore, 'keys'>,
  stored: StoredConnection,
): Credential {
  const text = store.keys.decrypt(stored.encryptedCredential, credentialContext(stored))
  return credentialSchema.parse(JSON.parse(text))
}

/** Binds an encrypted credential to its connection, so that it can not be moved to another one. */
export function credentialContext({
  environment,
  integrationKey,
  connectionId,
}: ConnectionName): string {
  const name = `${integrationKey}/${connectionId}`
  return environment === defaultEnvironment ? name : `${environment}/${name}`
}

export function withoutSecret(stored: StoredConnection): Connection {
  const { environment, integrationKey, connectionId, provider, state } = stored
  const { connectionConfig, metadata, createdAt, updatedAt } = stored
  return {
    ...{ environment, integrationKey, connectionId, provider, state },
    ...{ connectionConfig, metadata, createdAt, updatedAt },
  }
}

function parseConnectionId(connectionId: string): string {
  if (/^[\w.@:+-]{1,255}$/.test(connectionId)) return connectionId
  throw new PlumbError({
    code: 'connection-invalid',
    message: `The connection id is ${JSON.stringify(connectionId.slice(0, 300))}. It must have 1 to 255 letters, digits, "_" "." "@" ":" "+" "-".`,
    remedy: 'Choose another id, such as the customer id of your product.',
  })
}

function parseCredential(credential: unknown): Credential {
  const parsed = credentialSchema.safeParse(credential)
  if (parsed.success) return parsed.data
  throw new PlumbError({
    code: 'connection-invalid',
    message: `The credential is not valid: ${describeIssues(parsed.error, {})}.`,
    remedy:
      'Give one of: bearer { token }, api-key { apiKey }, basic { username, password }, oauth2 { accessToken, ... }, ' +
      'client-credentials { clientId, clientSecret }, two-step { values }, jwt { values }, oauth1 { token, tokenSecret }, ' +
      'app { installationId }, aws { accessKeyId, secretAccessKey }, none.',
  })
}
