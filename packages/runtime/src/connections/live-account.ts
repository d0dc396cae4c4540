import type {
  Connection,
  ConnectionError,
  Credential,
  Integration,
  Provider,
} from '@plumb/protocol'
import {
  getConnection,
  getConnectionDetails,
  isDatabaseAway,
  noteRenewal,
  replaceCredential,
} from '@plumb/store'
import type { StoredConnection } from '@plumb/store'
import type { Account, CurrentCredential } from '../gateway/account.js'
import { secretsOf } from '../gateway/attach-credential.js'
import type { Clock } from '../gateway/clock.js'
import type { Exchanger } from '../gateway/exchanger.js'
import { reconnectRemedy } from '../gateway/judge-access.js'
import type { TransportAnswer } from '../gateway/transport.js'
import { credentialContext, decryptCredential, readStored } from './connections.js'
import type { ConnectionStore } from './integrations.js'
import { isDue, isRenewable, renewalOf, scheduledExpiry } from './renewal.js'
import type { Renewal } from './renewal.js'
import { cannotRefresh, tokenRedaction } from './token-request.js'
import type { TokenAnswer } from './token-request.js'

/** Between attempts to store a new token while the database is away, and how many there are: two minutes. */
const awayMs = 500
const mostTries = 240

const interruptedStory =
  ' The renewal before was interrupted: a server ended, or lost the database for long, between asking for a new token and storing it. Where each refresh token works once, that used it up.'

export type LiveAccountParts = {
  readonly store: ConnectionStore
  readonly provider: Provider
  readonly integration: Integration
  readonly connection: Connection
  readonly exchanger: Exchanger
  readonly clock: Clock
  /** Refreshes under way in this process, by connection and version; shared by all accounts of a gateway. */
  readonly refreshes: Map<string, Promise<CurrentCredential>>
}

/**
 * A connection's credential in the database. Refreshing is done once for all processes: the holder of a
 * database lock asks the provider, the others find a newer version; a write is fenced by that version.
 */
export class LiveAccount implements Account {
  readonly #parts: LiveAccountParts

  constructor(parts: LiveAccountParts) {
    this.#parts = parts
  }

  async current(signal?: AbortSignal): Promise<CurrentCredential> {
    const stored = await readStored(this.#parts.store, this.#parts.connection)
    if (stored.state === 'revoked') return this.#lost('revoked', [])
    const credential = decryptCredential(this.#parts.store, stored)
    if (!isDue(credential, this.#parts.clock.now())) {
      return { kind: 'usable', credential, version: stored.credentialVersion }
    }
    return (await this.#knownLost(stored)) ?? this.#refresh(stored, signal)
  }

  async renew(seen: number, signal?: AbortSignal): Promise<CurrentCredential | null> {
    const stored = await readStored(this.#parts.store, this.#parts.connection)
    const credential = decryptCredential(this.#parts.store, stored)
    if (stored.credentialVersion !== seen) {
      return { kind: 'usable', credential, version: stored.credentialVersion }
    }
    return isRenewable(credential) ? this.#refresh(stored, signal) : null
  }

  /** Whoever has reconnected since the refused call was sent must not be told to do so again. */
  async markLost(seen: number): Promise<void> {
    const { store, connection } = this.#parts
    const lost = { state: 'needs-reconnect', error: null } as const
    await noteRenewal(store.db, { ...connection, ...lost, expectedVersion: seen })
  }

  /** Asking again with what was refused for good only makes a provider suspicious. */
  async #knownLost(stored: StoredConnection): Promise<CurrentCredential | null> {
    if (stored.state !== 'needs-reconnect') return null
    const details = await getConnectionDetails(this.#parts.store.db, stored)
    return details?.error ? this.#lost(details.error.code, []) : null
  }

  async #refresh(seen: StoredConnection, signal?: AbortSignal): Promise<CurrentCredential> {
    const { refreshes, connection } = this.#parts
    const name = credentialContext(connection)
    const key = `${name} ${seen.credentialVersion}`
    const running = refreshes.get(key)
    if (running !== undefined) return running
    signal?.throwIfAborted()
    const refresh = this.#refreshAlone(`refresh ${name}`, seen).finally(() => refreshes.delete(key))
    refreshes.set(key, refresh)
    return refresh
  }

  /** Not cancelled with its caller: a rotated refresh token that nobody stores would lose the account. */
  async #refreshAlone(lock: string, seen: StoredConnection): Promise<CurrentCredential> {
    const { store, connection } = this.#parts
    return store.db.withLock(lock, async () => {
      const stored = await readStored(store, connection)
      // Another process was refused while this one waited: it would be refused as well.
      const lost = seen.state === 'needs-reconnect' ? null : await this.#knownLost(stored)
      if (lost !== null) return lost
      const credential = decryptCredential(store, stored)
      const renewal =
        stored.credentialVersion === seen.credentialVersion
          ? renewalOf(this.#parts, credential, this.#parts.clock.now())
          : null
      if (renewal === null) {
        return { kind: 'usable', credential, version: stored.credentialVersion }
      }
      if (renewal.kind === 'made') return this.#keep(stored, renewal.credential)
      return this.#exchange(stored, credential, renewal)
    })
  }

  async #exchange(
    stored: StoredConnection,
    credential: Credential,
    renewal: Extract<Renewal, { kind: 'call' }>,
  ): Promise<CurrentCredential> {
    const { exchanger, connection } = this.#parts
    const before = await this.#standingOf(stored)
    await this.#note(stored, { state: 'refreshing' })
    const kept: CurrentCredential[] = []
    const exchange = await exchanger
      .exchange(renewal.request, {
        purpose: 'refresh',
        write: false,
        redaction: tokenRedaction(this.#parts, credential, (answer) =>
          secretsAround(renewal, answer),
        ),
        arrived: async (raw) => {
          const tokens = renewal.read(raw)
          if (tokens.kind === 'tokens') kept.push(await this.#keep(stored, tokens.credential))
        },
      })
      .catch(async (error: unknown) => {
        await this.#note(stored, before)
        throw error
      })
    const tokens = renewal.read(exchange.raw)
    if (tokens.kind === 'failed') {
      await this.#note(stored, before)
      throw cannotRefresh({ connection }, tokens.error, tokens.remedy)
    }
    if (tokens.kind === 'rejected') return this.#rejected(stored, tokens, exchange.receiptId)
    return kept[0] ?? this.#stored()
  }

  /** What a renewal that comes to nothing leaves as it was. Whoever died while renewing left `refreshing` behind. */
  async #standingOf(stored: StoredConnection): Promise<Standing> {
    if (stored.state !== 'needs-reconnect') return { state: 'ok' }
    const details = await getConnectionDetails(this.#parts.store.db, stored)
    return { state: stored.state, error: details?.error ?? null }
  }

  #note(stored: StoredConnection, o: Standing): Promise<boolean> {
    const { store } = this.#parts
    const expectedVersion = stored.credentialVersion
    return noteRenewal(store.db, {
      ...stored,
      expectedVersion,
      state: o.state,
      error: o.error ?? null,
    })
  }

  /** Waits for a database that is away: what a provider gives once can not be asked for again. */
  async #keep(stored: StoredConnection, credential: Credential): Promise<CurrentCredential> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#replace(stored, credential)
      } catch (error) {
        if (!isDatabaseAway(error) || tries === mostTries) throw error
        await this.#parts.clock.wait(awayMs)
      }
    }
  }

  async #replace(stored: StoredConnection, credential: Credential): Promise<CurrentCredential> {
    const { store } = this.#parts
    const encryptedCredential = store.keys.encrypt(
      JSON.stringify(credential),
      credentialContext(stored),
    )
    const kept = await replaceCredential(store.db, {
      ...stored,
      expectedVersion: stored.credentialVersion,
      encryptedCredential,
      tokenExpiresAt: scheduledExpiry(credential),
    })
    // Somebody reconnected meanwhile: what they stored is newer than what was just refreshed.
    if (!kept) return this.#stored()
    return { kind: 'usable', credential, version: stored.credentialVersion + 1 }
  }

  async #rejected(
    stored: StoredConnection,
    tokens: Extract<TokenAnswer, { kind: 'rejected' }>,
    receiptId: string,
  ): Promise<CurrentCredential> {
    const { store, connection, clock } = this.#parts
    const now = await getConnection(store.db, connection)
    if (now !== null && now.credentialVersion !== stored.credentialVersion) return this.#stored()
    const { kind, cause } = this.#lost(tokens.error, [receiptId])
    const story = this.#interrupted(stored)
    const lost = { kind, cause: { ...cause, message: cause.message + story } }
    const at = new Date(clock.now()).toISOString()
    const message = (tokens.description ?? cause.message) + story
    await this.#note(stored, {
      state: 'needs-reconnect',
      error: { code: tokens.error, message, at },
    })
    return lost
  }

  /** Nobody but the holder of the lock renews, so a renewal that seems to be under way was never ended. */
  #interrupted({ state }: StoredConnection): string {
    const spent = state === 'refreshing' && tokenWord(this.#parts.provider) === 'refresh token'
    return spent ? interruptedStory : ''
  }

  #lost(code: string, receiptIds: readonly string[]): Extract<CurrentCredential, { kind: 'lost' }> {
    const { connection, provider } = this.#parts
    const { connectionId, integrationKey } = connection
    const what =
      connection.state === 'revoked' || code === 'revoked'
        ? `Connection "${connectionId}" of "${integrationKey}" was revoked.`
        : `${provider.displayName} refuses the ${tokenWord(provider)} of connection "${connectionId}" of "${integrationKey}": ${code}.`
    return {
      kind: 'lost',
      cause: {
        kind: 'access-revoked',
        message: what,
        remedy: reconnectRemedy(connection),
        receiptIds: [...receiptIds],
      },
    }
  }

  async #stored(): Promise<CurrentCredential> {
    const stored = await readStored(this.#parts.store, this.#parts.connection)
    const credential = decryptCredential(this.#parts.store, stored)
    return { kind: 'usable', credential, version: stored.credentialVersion }
  }
}

type Standing = {
  readonly state: Connection['state']
  readonly error?: ConnectionError | null
}

/** What a renewal sends and is answered, wherever in the answer that is. */
function secretsAround(renewal: Extract<Renewal, { kind: 'call' }>, answer: TransportAnswer) {
  const tokens = renewal.read(answer)
  return [...renewal.sent, ...(tokens.kind === 'tokens' ? secretsOf(tokens.credential) : [])]
}

/** What a provider of each kind refuses. */
function tokenWord({ auth }: Provider): string {
  return auth.mode === 'oauth2' || auth.mode === 'mcp-oauth2' ? 'refresh token' : 'credential'
}
