import { watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { stampOf } from './source-files.js'

export type FolderWatch = {
  readonly folder: string
  /** Called after changes have come to rest; the next call waits until this one has ended. */
  readonly onChange: () => Promise<void>
  readonly signal: AbortSignal
  /** Looks at every file this often, in milliseconds, instead of being told by the system. */
  readonly pollMs?: number
}

/** Editors write a file in several steps. */
const restMs = 60
const fallbackPollMs = 1000
const ignored = /(^|[\\/])(node_modules|dist|\.[^\\/]+)([\\/]|$)|\.tmp$/

/**
 * Calls `onChange` whenever a source below the folder has changed, until the signal is aborted; then it returns.
 * Where the system cannot watch folders, the files are looked at once a second.
 */
export async function watchFolder(options: FolderWatch): Promise<void> {
  const { signal, pollMs } = options
  const changes = new Changes(signal)
  const watcher = pollMs === undefined ? watcherOf(options.folder, changes) : null
  const polling = watcher === null ? poll(options, changes, pollMs ?? fallbackPollMs) : null
  watcher?.on('error', () => void poll(options, changes, fallbackPollMs))
  try {
    while (await changes.next()) await options.onChange()
  } finally {
    watcher?.close()
    await polling
  }
}

/** Remembers that something changed until somebody asks. */
class Changes {
  readonly #signal: AbortSignal
  #dirty = false
  #wake: (() => void) | null = null

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', () => this.#wake?.(), { once: true })
  }

  add(path: string | null): void {
    if (path !== null && ignored.test(path)) return
    this.#dirty = true
    this.#wake?.()
  }

  /** True once something has changed and come to rest; false when the watch is over. */
  async next(): Promise<boolean> {
    while (!this.#dirty && !this.#signal.aborted) {
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    while (this.#dirty && !this.#signal.aborted) {
      this.#dirty = false
      await wait(restMs, undefined, { signal: this.#signal }).catch(() => undefined)
    }
    return !this.#signal.aborted
  }
}

function watcherOf(folder: string, changes: Changes): FSWatcher | null {
  try {
    return watch(folder, { recursive: true }, (_event, path) => changes.add(path))
  } catch {
    return null
  }
}

async function poll({ folder, signal }: FolderWatch, changes: Changes, ms: number): Promise<void> {
  let before = await fingerprint(folder)
  while (!signal.aborted) {
    await wait(ms, undefined, { signal }).catch(() => undefined)
    const now = await fingerprint(folder)
    if (now !== before) changes.add(null)
    before = now
  }
}

/** Names and stamps of every source, as one text. */
async function fingerprint(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const parts = await Promise.all(
    entries
      .filter(({ name }) => !ignored.test(name))
      .map(async (entry) => {
        const path = join(folder, entry.name)
        return entry.isDirectory() ? fingerprint(path) : `${path} ${stampOf(path)?.stamp ?? ''}`
      }),
  )
  return parts.sort().join('\n')
}
