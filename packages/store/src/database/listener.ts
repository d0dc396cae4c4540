import pg from 'pg'

/** Told the payload of a notification, or null when some may have been missed. */
export type Hear = (payload: string | null) => void

export type Listener = {
  /** Returns what stops listening. */
  listen(channel: string, hear: Hear): () => void
  close(): Promise<void>
}

const retryMs = 1000

/** One session for all channels that a process listens to, opened when the first is, and again when it is lost. */
export function openListener(connection: pg.ClientConfig): Listener {
  return new SessionListener(connection)
}

class SessionListener implements Listener {
  readonly #connection: pg.ClientConfig
  readonly #channels = new Map<string, Set<Hear>>()
  #session: Promise<pg.Client | null> | null = null
  #retry: NodeJS.Timeout | undefined
  #closed = false

  constructor(connection: pg.ClientConfig) {
    this.#connection = connection
  }

  listen(channel: string, hear: Hear): () => void {
    const hearers = this.#channels.get(channel) ?? new Set()
    const isNew = hearers.size === 0
    this.#channels.set(channel, hearers.add(hear))
    if (isNew && !this.#closed) void this.#listenTo(channel)
    return () => void hearers.delete(hear)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retry)
    const session = await this.#session
    this.#session = null
    await session?.end().catch(() => undefined)
  }

  async #listenTo(channel: string): Promise<void> {
    const session = await (this.#session ??= this.#connect())
    await session?.query(`listen ${pg.escapeIdentifier(channel)}`).catch(() => undefined)
    this.#tell(channel, null)
  }

  async #connect(): Promise<pg.Client | null> {
    const session = new pg.Client(this.#connection)
    session.on('notification', ({ channel, payload = '' }) => this.#tell(channel, payload))
    session.on('error', () => undefined)
    session.on('end', () => this.#lost())
    try {
      await session.connect()
      return session
    } catch {
      this.#lost()
      return null
    }
  }

  #lost(): void {
    if (this.#closed) return
    this.#session = null
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => {
      for (const channel of this.#channels.keys()) void this.#listenTo(channel)
    }, retryMs)
    this.#retry.unref()
    for (const channel of this.#channels.keys()) this.#tell(channel, null)
  }

  #tell(channel: string, payload: string | null): void {
    for (const hear of this.#channels.get(channel) ?? []) hear(payload)
  }
}
