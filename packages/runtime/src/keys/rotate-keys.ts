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

/** How many secrets were wrapped anew, by the table they are in, and which could not be opened. */
export type Rewrapped = {
  readonly counts: Readonly<Record<SealedColumn, number>>
  readonly unopened: readonly UnopenedSecret[]
}

/** A secret that stays as it is: its key is missing, or it was changed. */
type UnopenedSecret = {
  readonly column: SealedColumn
  /** Such as `dev/github/customer-1`. */
  readonly name: string
  /** Tells nothing of the secret. */
  readonly reason: string
}

const batchSize = 200

/**
 * Wraps every stored secret that another master key sealed under the active one, in batches. It may be stopped at any
 * time and goes on where it was; a secret that is replaced meanwhile is left as it is, and one that can not be opened
 * keeps nobody else waiting.
 */
export async function rewrapSecrets(
  parts: RotateParts,
  {
    signal,
    onBatch,
  }: { readonly signal?: AbortSignal; readonly onBatch?: (done: number) => void } = {},
): Promise<Rewrapped> {
  const counts: Record<SealedColumn, number> = { ...none }
  const unopened: UnopenedSecret[] = []
  let done = 0
  for (const column of sealedColumns) {
    let after: SealedRow | undefined
    do {
      signal?.throwIfAborted()
      const batch = await moveBatch(parts, column, after)
      after = batch.last
      counts[column] += batch.moved
      unopened.push(...batch.unopened)
      if (batch.moved > 0) onBatch?.((done += batch.moved))
    } while (after !== undefined)
  }
  return { counts, unopened }
}

/**
 * Waits until everything is stored that may have been encrypted before this call, and wraps that anew too: a server may
 * have encrypted with the key of before, and be about to store it. Resolves when that key may go. Throws PlumbErrors
 * `keys-in-use` when somebody holds a transaction open for minutes, `keys-invalid` for what can not be opened.
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
  const rewrapped = await rewrapSecrets(parts, { ...(signal && { signal }) })
  requireOpened(rewrapped)
  await requireRewrapped(parts)
  return rewrapped
}

/** Throws PlumbError `keys-invalid` that names what could not be opened. */
export function requireOpened({ counts, unopened }: Rewrapped): void {
  if (unopened.length === 0) return
  const moved = Object.values(counts).reduce((sum, each) => sum + each, 0)
  const shown = unopened
    .slice(0, mostShown)
    .map((one) => `${one.column} ${one.name}: ${one.reason}`)
  const more = unopened.length - shown.length
  throw new PlumbError({
    code: 'keys-invalid',
    message: [
      `${unopened.length} secrets could not be opened and stay as they are; ${moved} were wrapped anew. No key was removed.`,
      ...shown,
      ...(more > 0 ? [`and ${more} more`] : []),
    ].join('\n'),
    remedy:
      'Put the missing key back (into the keys folder as master-<id>.key, or into PLUMB_MASTER_KEYS), or store each of these anew: reconnect or delete the connection, set the variable, save the integration, or run the sync with full_refresh_and_clear_cache. Then run `plumb keys rotate --resume`.',
  })
}

const mostShown = 20

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

type Batch = {
  readonly moved: number
  readonly unopened: readonly UnopenedSecret[]
  /** The last row; undefined when there was none. */
  readonly last: SealedRow | undefined
}

async function moveBatch(
  { db, keys }: RotateParts,
  column: SealedColumn,
  after: SealedRow | undefined,
): Promise<Batch> {
  return db.transaction(async (session) => {
    const filter = { column, prefix: activePrefix(keys), limit: batchSize, after }
    const rows = await listSealed(session, filter)
    const unopened: UnopenedSecret[] = []
    for (const row of rows) unopened.push(...(await moveOne(session, keys, row)))
    return { moved: rows.length - unopened.length, unopened, last: rows.at(-1) }
  })
}

/** What can not be opened: one of thousands has to be found. */
async function moveOne(
  db: Queryable,
  keys: Keys,
  row: SealedRow,
): Promise<readonly UnopenedSecret[]> {
  const outcome = tryRewrap(keys, row)
  if (typeof outcome !== 'string') return [outcome]
  await replaceSealed(db, row, outcome)
  return []
}

function tryRewrap(keys: Keys, row: SealedRow): string | UnopenedSecret {
  try {
    return rewrapped(keys, row)
  } catch (error) {
    const { column, key } = row
    // Whatever else was stored there is no envelope, and an error about it may quote it.
    const reason = error instanceof PlumbError ? error.message : 'It is not an encrypted secret.'
    return { column, name: Object.values(key).join('/'), reason }
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
