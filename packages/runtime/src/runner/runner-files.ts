import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PlumbError } from '@plumb/protocol'
import { heapMegabytes } from './runner-policy.js'

/** What a process can be started from. */
export type RunnerFiles = {
  /** The text of the runner. */
  readonly entry: string
  /**
   * The memory of a process that has loaded it, for this Node.js and this heap: it starts in half the time. Null where
   * there is none.
   */
  readonly snapshot: string | null
}

/** Finds what the build left. Throws PlumbError `sandbox-failed` when the runner has not been built. */
export function findRunnerFiles(memoryBytes: number): RunnerFiles {
  const entry = built('runner-entry.mjs')
  if (!existsSync(entry)) {
    throw new PlumbError({
      code: 'sandbox-failed',
      message: `The runner ${entry} does not exist.`,
      remedy: 'Run `npm run build`.',
    })
  }
  const name = `runner-${process.version}-${process.arch}-${heapMegabytes(memoryBytes)}.blob`
  const snapshot = built(name)
  return { entry, snapshot: existsSync(snapshot) ? snapshot : null }
}

/** The same file from `src` and from `dist`. */
function built(name: string): string {
  return fileURLToPath(new URL(`../../dist/${name}`, import.meta.url))
}
