import { isDue } from '../connections/renewal.js'
import type { OperationLog } from '../logs/log-writer.js'
import type { Account, CurrentCredential } from './account.js'
import { secretsOf } from './attach-credential.js'
import type { Clock } from './clock.js'
import type { RecentValues } from './recent-values.js'

type Parts = {
  /** Environment, integration and connection. */
  readonly key: readonly string[]
  readonly live: Account
  readonly recent: RecentValues<CurrentCredential>
  readonly clock: Clock
  readonly log: OperationLog | undefined
}

/** A connection's credential without a look into the database for each call; whatever it hands out, the log conceals. */
export class KeptAccount implements Account {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async current(signal?: AbortSignal): Promise<CurrentCredential> {
    const { key, live, recent, clock } = this.#parts
    const read = (): Promise<CurrentCredential> => recent.get(key, () => live.current(signal))
    const kept = await read()
    if (kept.kind === 'usable' && !isDue(kept.credential, clock.now())) return this.#told(kept)
    // Neither what has to be renewed nor what is lost may be kept: the person may have reconnected.
    recent.forget(key)
    return this.#told(kept.kind === 'usable' ? await read() : await live.current(signal))
  }

  async renew(seen: number, signal?: AbortSignal): Promise<CurrentCredential | null> {
    this.#parts.recent.forget(this.#parts.key)
    const renewed = await this.#parts.live.renew(seen, signal)
    return renewed === null ? null : this.#told(renewed)
  }

  async markLost(seen: number): Promise<void> {
    this.#parts.recent.forget(this.#parts.key)
    await this.#parts.live.markLost(seen)
  }

  #told(current: CurrentCredential): CurrentCredential {
    if (current.kind === 'usable') this.#parts.log?.conceal(secretsOf(current.credential))
    return current
  }
}
