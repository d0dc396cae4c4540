type Entry<Value> = { readonly value: Promise<Value>; readonly until: number }

/**
 * Values that were read a moment ago. They are forgotten when somebody says that they changed, and at the latest
 * after `keepMs` milliseconds, so that a notification that never comes costs no more than that.
 */
export class RecentValues<Value> {
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #options: { readonly keepMs: number; readonly most: number; readonly now: () => number }

  constructor(options: { keepMs: number; most: number; now: () => number }) {
    this.#options = options
  }

  /** Reads are shared by whoever asks at once; a failure is not kept. */
  get(key: readonly unknown[], read: () => Promise<Value>): Promise<Value> {
    const name = JSON.stringify(key)
    const { now, keepMs, most } = this.#options
    const known = this.#entries.get(name)
    if (known !== undefined && known.until > now()) return known.value
    const value = read()
    this.#entries.set(name, { value, until: now() + keepMs })
    value.catch(() => {
      if (this.#entries.get(name)?.value === value) this.#entries.delete(name)
    })
    if (this.#entries.size > most) this.#forgetOldest()
    return value
  }

  /** Forgets what begins with the members that are given; everything for none. */
  forget(prefix: readonly unknown[] = []): void {
    const text = JSON.stringify(prefix).slice(0, -1)
    for (const name of this.#entries.keys()) {
      const next = name[text.length]
      if (name.startsWith(text) && (prefix.length === 0 || next === ',' || next === ']')) {
        this.#entries.delete(name)
      }
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.#entries.delete(oldest)
  }
}

/** What a notification of `plumb_changes` names: environment, then integration and connection where they are known. */
export function changedKey(payload: string | null): readonly string[] {
  if (payload === null) return []
  const parsed: unknown = JSON.parse(payload)
  const names = Array.isArray(parsed) ? parsed : []
  const end = names.findIndex((name) => typeof name !== 'string')
  return (end < 0 ? names : names.slice(0, end)) as string[]
}
