import type { Connection, Integration, Provider } from '@plumb/protocol'
import type { Database } from '@plumb/store'
import { ownerOf, readStored, withoutSecret } from '../connections/connections.js'
import type { ConnectionStore } from '../connections/integrations.js'
import type { CurrentCredential } from './account.js'
import type { Clock } from './clock.js'
import { changedKey, RecentValues } from './recent-values.js'

export type FoundConnection = {
  readonly connection: Connection
  readonly integration: Integration
  readonly provider: Provider
}

const keepMs = 5000
const most = 5000

/** Connections and credentials that executions used a moment ago. */
export class RecentConnections {
  readonly credentials: RecentValues<CurrentCredential>
  readonly #found: RecentValues<FoundConnection>
  readonly #db: Database
  #stop: (() => void) | null = null

  constructor({ db }: Pick<ConnectionStore, 'db'>, clock: Clock) {
    const now = (): number => clock.now()
    this.#db = db
    this.#found = new RecentValues({ keepMs, most, now })
    this.credentials = new RecentValues({ keepMs, most, now })
  }

  /** Throws PlumbErrors `connection-unknown` and `provider-unknown`. `fresh` reads the database. */
  find(
    store: ConnectionStore,
    name: Pick<Connection, 'integrationKey' | 'connectionId'>,
    how: 'kept' | 'fresh',
  ): Promise<FoundConnection> {
    if (how === 'fresh') return read(store, name)
    this.#stop ??= this.#db.listen('plumb_changes', (payload) => this.#forget(changedKey(payload)))
    const key = [store.environment, name.integrationKey, name.connectionId]
    return this.#found.get(key, () => read(store, name))
  }

  close(): void {
    this.#stop?.()
  }

  #forget(key: readonly string[]): void {
    this.#found.forget(key)
    this.credentials.forget(key)
  }
}

async function read(
  store: ConnectionStore,
  name: Pick<Connection, 'integrationKey' | 'connectionId'>,
): Promise<FoundConnection> {
  const [stored, owner] = await Promise.all([
    readStored(store, name),
    ownerOf(store, name.integrationKey),
  ])
  return { connection: withoutSecret(stored), ...owner }
}
