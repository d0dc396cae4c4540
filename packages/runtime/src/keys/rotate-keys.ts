import { setTimeout as sleep } from 'node:timers/promises'
import { PlumbError } from '@plumb/protocol'
import type { Integration } from '@plumb/protocol'
import type { Database, Queryable } from '@plumb/store'
import {
  beginTransactionNumber,
  isOlderOpen,
  listSealed,
  replaceSealed,
  sealedColumns,
} from '@plumb/store'
import type { SealedColumn, SealedRow } from '@plumb/store'
import { authorizationContext } from '../connect/authorization-body.js'
import { registeredContext } from '../connect/discover-authorization.js'
import { credentialContext } from '../connections/connections.js'
import { secretContext } from '../connections/integrations.js'
import { recordKeyContext } from '../records/record-codec.js'
import { variableContext } from '../deployments/function-variables.js'
import { envelopePrefix } from './envelope.js'
import type { Keys } from './open-keys.js'

type RotateParts = { readonly db: Database; readonly keys: Keys }

/** How many secrets were wrapped anew, by the table they are in. */
export type Rewrapped = Readonly<Record<SealedColumn, number>>

const batchSize = 200

/**
 * Wraps every stored secret that another master key sealed under the active one, in batches. It may be stopped at any
 * time and goes on where it was; a secret that is replaced meanwhile is left as it is. Throws PlumbError
 * `keys-invalid` for a secret whose key is missing.
 */
export async function rewrapSecrets(
  parts: RotateParts,
  {
    signal,
    onBatch,
  }: { readonly signal?: AbortSignal; readonly onBatch?: (done: number) => void } = {},
): Promise<Rewrapped> {
  const counts: Record<SealedColumn, number> = { ...none }
  let done = 0
  for (const column of sealedColumns) {
    for (;;) {
      signal?.throwIfAborted()
      const moved = await moveBatch(parts, column)
      if (moved === 0) break
      counts[column] += moved
      onBatch?.((done += moved))
    }
  }
  return counts
}

/**
 * Waits until everything is stored that may have been encrypted before this call, and wraps that anew too: a server may
 * have encrypted with the key of before, and be about to store it. Resolves when that key may go. Throws PlumbError
 * `keys-in-use` when somebody holds a transaction open for minutes.
 */
export async function rewrapLate(
  parts: RotateParts,
  { signal, settleMs = 2000 }: { readonly signal?: AbortSignal; readonly settleMs?: number } = {},
): Promise<Rewrapped> {
  // From the encryption to the statement that stores it.
  await sleep(settleMs, null, { ...(signal && { signal }) })
  const number = await beginTransactionNumber(parts.db)
  for (let waited = 0; await isOlderOpen(parts.db, number); waited += lookMs) {
    if (waited > longestWaitMs) throw stillOpen()
    await sleep(lookMs, null, { ...(signal && { signal }) })
  }
  const counts = await rewrapSecrets(parts, { ...(signal && { signal }) })
  await requireRewrapped(parts)
  return counts
}

const lookMs = 100
const longestWaitMs = 120_000

function stillOpen(): PlumbError {
  return new PlumbError({
    code: 'keys-in-use',
    message: `A transaction that began before has been open for ${longestWaitMs / 1000} s; it may store a secret that needs an older master key.`,
    remedy: 'Run `plumb keys rotate --resume --remove-old` when nothing big is being stored.',
  })
}

/** Throws PlumbError `keys-in-use` while a stored secret needs another key than the active one. */
export async function requireRewrapped({ db, keys }: RotateParts): Promise<void> {
  for (const column of sealedColumns) {
    const [left] = await listSealed(db, { column, prefix: activePrefix(keys), limit: 1 })
    if (left === undefined) continue
    throw new PlumbError({
      code: 'keys-in-use',
      message: `A secret in "${column}" is still encrypted with an older master key.`,
      remedy: 'Run `plumb keys rotate` until it ends, then remove the old keys.',
    })
  }
}

const none = {
  ...{ connections: 0, integrations: 0, 'oauth-clients': 0, authorizations: 0 },
  ...{ variables: 0, 'record-streams': 0 },
}

async function moveBatch({ db, keys }: RotateParts, column: SealedColumn): Promise<number> {
  return db.transaction(async (session) => {
    const filter = { column, prefix: activePrefix(keys), limit: batchSize }
    const rows = await listSealed(session, filter)
    for (const row of rows) await moveOne(session, keys, row)
    return rows.length
  })
}

async function moveOne(db: Queryable, keys: Keys, row: SealedRow): Promise<void> {
  await replaceSealed(
    db,
    row,
    opened(row, () => rewrapped(keys, row)),
  )
}

/** Says which secret can not be opened: one of thousands has to be found. */
function opened(row: SealedRow, act: () => string): string {
  try {
    return act()
  } catch (cause) {
    if (!(cause instanceof PlumbError)) throw cause
    const { code, message, remedy } = cause
    const name = Object.values(row.key).join('/')
    throw new PlumbError({ code, message: `${row.column} ${name}: ${message}`, remedy, cause })
  }
}

/** What each secret is bound to, said where it is encrypted. */
const contexts: Readonly<
  Record<Exclude<SealedColumn, 'integrations'>, (name: (column: string) => string) => string>
> = {
  connections: (name) =>
    credentialContext({ ...ownerOf(name), connectionId: name('connection_id') }),
  'oauth-clients': (name) => registeredContext({ ...ownerOf(name), issuer: name('issuer') }),
  authorizations: (name) => authorizationContext(name('state_hash')),
  variables: (name) => variableContext(name('environment'), name('name')),
  'record-streams': (name) =>
    recordKeyContext({
      ...{ ...ownerOf(name), connectionId: name('connection_id') },
      ...{ model: name('model'), variant: name('variant') },
    }),
}

function ownerOf(name: (column: string) => string) {
  return { environment: name('environment'), integrationKey: name('integration_key') }
}

function rewrapped(keys: Keys, { column, sealed, key }: SealedRow): string {
  const name = (of: string): string => key[of] ?? ''
  if (column !== 'integrations') return keys.rewrap(sealed, contexts[column](name))
  return rewrappedBody(keys, JSON.parse(sealed) as Integration, ownerOf(name))
}

function rewrappedBody(
  keys: Keys,
  integration: Integration,
  key: { readonly environment: string; readonly integrationKey: string },
): string {
  const context = secretContext(key, key.integrationKey)
  const { oauthClient, app } = integration
  return JSON.stringify({
    ...integration,
    ...(oauthClient && {
      oauthClient: { ...oauthClient, clientSecret: keys.rewrap(oauthClient.clientSecret, context) },
    }),
    ...(app && { app: { ...app, privateKey: keys.rewrap(app.privateKey, context) } }),
  })
}

function activePrefix(keys: Keys): string {
  return envelopePrefix(keys.masterKeyIds()[0] ?? '')
}
