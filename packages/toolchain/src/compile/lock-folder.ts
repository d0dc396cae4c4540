import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const lookAgainMs = 50
/** A lock without a readable owner is one that is being written, unless it is this old. */
const writingMs = 2000

/**
 * Waits until no other process holds the lock file, takes it, and returns what gives it back. A lock whose process has
 * ended counts for nothing. Rejects with the signal's reason when it is aborted first.
 */
export async function lockFolder(lock: string, signal: AbortSignal): Promise<() => void> {
  mkdirSync(dirname(lock), { recursive: true })
  for (;;) {
    signal.throwIfAborted()
    if (take(lock)) return () => rmSync(lock, { force: true })
    if (isAbandoned(lock)) rmSync(lock, { force: true })
    else await wait(lookAgainMs, undefined, { signal })
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function isAbandoned(lock: string): boolean {
  try {
    const owner = Number(readFileSync(lock, 'utf8'))
    if (owner > 0) return !isAlive(owner)
    return Date.now() - statSync(lock).mtimeMs > writingMs
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
