import type { Provider } from '@plumb/protocol'
import type { FileResult } from '../test-run.js'
import type { Alias } from './module-registry.js'

/** One test file, or one function to be replayed against its fixture. */
export type Job = {
  readonly kind: 'test-file' | 'replay'
  readonly file: string
  readonly setupFiles: readonly string[]
  readonly aliases: readonly Alias[]
  /** Milliseconds for one test. */
  readonly timeoutMs: number
  /** Whether `describe`, `it` and the like are globals. */
  readonly globals: boolean
  readonly root: string
  /** Of a replay: the fixture's file or folder, how messages name the function, and its provider. */
  readonly fixture?: string
  readonly name?: string
  readonly provider?: Provider | null
}

export type WorkerReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'started'; readonly test: string }
  | { readonly kind: 'finished'; readonly result: FileResult; readonly memoryBytes: number }
