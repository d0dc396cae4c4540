import type { Connection, Credential, Integration, Provider } from '@plumb/protocol'
import { getConnection, replaceCredential, setConnectionState } from '@plumb/store'
import type { StoredConnection } from '@plumb/store'
import type { Account, CurrentCredential } from '../gateway/account.js'
import type { Clock } from '../gateway/clock.js'
import type { Exchanger } from '../gateway/exchanger.js'
import { reconnectRemedy } from '../gateway/judge-access.js'
import { credentialContext, decryptCredential, readStored } from './connections.js'
import type { ConnectionStore } from './integrations.js'
import { cannotRefresh, readTokens, tokenRedaction, tokenRequest } from './token-request.js'
import type { RefreshableCredential, TokenAnswer } from './token-request.js'

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

/** A token this close to its end may not survive the call it is sent with. */
const expiryMarginMs = 60_000

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
    const credential = decryptCredential(this.#parts.store, stored)
    if (!isRefreshable(credential) || !this.#expires(credential)) {
      return { kind: 'usable', credential, version: stored.credentialVersion }
    }
    return this.#refresh(stored.credentialVersion, signal)
  }

  async renew(seen: number, signal?: AbortSignal): Promise<CurrentCredential | null> {
    const stored = await readStored(this.#parts.store, this.#parts.connection)
    const credential = decryptCredential(this.#parts.store, stored)
    if (stored.credentialVersion !== seen) {
      return { kind: 'usable', credential, version: stored.credentialVersion }
    }
    return isRefreshable(credential) ? this.#refresh(seen, signal) : null
  }

  async markLost(): Promise<void> {
    const { store, connection } = this.#parts
    await setConnectionState(store.db, { ...connection, state: 'needs-reconnect' })
  }

  #expires(credential: RefreshableCredential): boolean {
    if (credential.expiresAt === undefined) return false
    return Date.parse(credential.expiresAt) - this.#parts.clock.now() < expiryMarginMs
  }

  async #refresh(seen: number, signal?: AbortSignal): Promise<CurrentCredential> {
    const { refreshes, connection } = this.#parts
    const name = credentialContext(connection)
    const key = `${name} ${seen}`
    const running = refreshes.get(key)
    if (running !== undefined) return running
    signal?.throwIfAborted()
    const refresh = this.#refreshAlone(`refresh ${name}`, seen).finally(() => refreshes.delete(key))
    refreshes.set(key, refresh)
    return refresh
  }

  /** Not cancelled with its caller: a rotated refresh token that nobody stores would lose the account. */
  async #refreshAlone(lock: string, seen: number): Promise<CurrentCredential> {
    const { store, connection } = this.#parts
    return store.db.withLock(lock, async () => {
      const stored = await readStored(store, connection)
      const credential = decryptCredential(store, stored)
      if (stored.credentialVersion !== seen || !isRefreshable(credential)) {
        return { kind: 'usable', credential, version: stored.credentialVersion }
      }
      return this.#exchange(stored, credential)
    })
  }

  async #exchange(
    stored: StoredConnection,
    credential: RefreshableCredential,
  ): Promise<CurrentCredential> {
    const { exchanger, clock, connection } = this.#parts
    const exchange = await exchanger.exchange(tokenRequest(this.#parts, credential), {
      purpose: 'refresh',
      write: false,
      redaction: tokenRedaction(this.#parts, credential),
    })
    const tokens = readTokens(exchange.raw, credential, clock.now())
    if (tokens.kind === 'failed') throw cannotRefresh({ connection }, tokens.error, tokens.remedy)
    if (tokens.kind === 'rejected') return this.#rejected(stored, tokens, exchange.receiptId)
    return this.#keep(stored, tokens.credential)
  }

  async #keep(stored: StoredConnection, credential: Credential): Promise<CurrentCredential> {
    const { store } = this.#parts
    const encryptedCredential = store.keys.encrypt(
      JSON.stringify(credential),
      credentialContext(stored),
    )
    const kept = await replaceCredential(store.db, {
      ...stored,
      expectedVersion: stored.credentialVersion,
      encryptedCredential,
    })
    // Somebody reconnected meanwhile: what they stored is newer than what was just refreshed.
    if (!kept) return this.#stored()
    if (stored.state !== 'ok') await setConnectionState(store.db, { ...stored, state: 'ok' })
    return { kind: 'usable', credential, version: stored.credentialVersion + 1 }
  }

  async #rejected(
    stored: StoredConnection,
    tokens: Extract<TokenAnswer, { kind: 'rejected' }>,
    receiptId: string,
  ): Promise<CurrentCredential> {
    const { store, connection, provider } = this.#parts
    const now = await getConnection(store.db, connection)
    if (now !== null && now.credentialVersion !== stored.credentialVersion) return this.#stored()
    await setConnectionState(store.db, { ...connection, state: 'needs-reconnect' })
    return {
      kind: 'lost',
      cause: {
        kind: 'access-revoked',
        message: `${provider.displayName} refuses the refresh token of connection "${connection.connectionId}" of "${connection.integrationKey}": ${tokens.error}.`,
        remedy: reconnectRemedy(connection),
        receiptIds: [receiptId],
      },
    }
  }

  async #stored(): Promise<CurrentCredential> {
    const stored = await readStored(this.#parts.store, this.#parts.connection)
    const credential = decryptCredential(this.#parts.store, stored)
    return { kind: 'usable', credential, version: stored.credentialVersion }
  }
}

function isRefreshable(credential: Credential): credential is RefreshableCredential {
  return credential.kind === 'oauth2' && credential.refreshToken !== undefined
}
