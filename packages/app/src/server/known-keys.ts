import { changedKey, RecentValues } from '@plumb/runtime'
import { findSecretKey, touchSecretKey } from '@plumb/store'
import type { Database, SecretKey } from '@plumb/store'

const keepMs = 5000
const most = 1000
const minuteMs = 60_000

export type KnownKeysOptions = { readonly db: Database; readonly now?: () => number }

/**
 * Secret keys that requests carried a moment ago, so that not every request asks the database. One that is revoked is
 * forgotten as soon as the database tells of it, and after five seconds where its word does not come through.
 */
export class KnownKeys {
  readonly #db: Database
  readonly #now: () => number
  readonly #recent: RecentValues<SecretKey | null>
  /** When the use of a key was noted last, by its id; in milliseconds since 1970. */
  readonly #noted = new Map<string, number>()
  #stop: (() => void) | null = null

  constructor({ db, now = Date.now }: KnownKeysOptions) {
    this.#db = db
    this.#now = now
    this.#recent = new RecentValues({ keepMs, most, now })
  }

  /** The key whose text has that hash, and notes that it was used. Null when there is none, or it was revoked. */
  async use(hash: string): Promise<SecretKey | null> {
    this.#stop ??= this.#db.listen('plumb_changes', (payload) => {
      // What names an integration is no change of a key.
      if (changedKey(payload).length <= 1) this.forget()
    })
    const key = await this.#recent.get([hash], () => findSecretKey(this.#db, hash))
    // Guesses must not push out keys that are in use.
    if (key === null) this.#recent.forget([hash])
    else this.#noteUse(key)
    return key
  }

  forget(): void {
    this.#recent.forget()
  }

  close(): void {
    this.#stop?.()
  }

  /** Nobody waits for the note, and a database that cannot take it will say so where it matters. */
  #noteUse({ id, lastUsedAt }: SecretKey): void {
    const now = this.#now()
    const stored = lastUsedAt === null ? 0 : Date.parse(lastUsedAt)
    if (now - Math.max(stored, this.#noted.get(id) ?? 0) < minuteMs) return
    this.#noted.set(id, now)
    touchSecretKey(this.#db, { id, at: new Date(now).toISOString() }).catch(() => undefined)
  }
}
