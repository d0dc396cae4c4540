import type { Provider } from '@plumb/protocol'
import type { FileResult } from '../test-run.js'

/** One source file as CommonJS, or, when it waits or mocks modules at its top level, as the body of an async function. */
export type SourceModule = {
  readonly path: string
  readonly code: string
  readonly form: 'commonjs' | 'async-body'
  /** Where its relative imports lead, by what is written. */
  readonly links: Readonly<Record<string, string>>
}

/** One test file, or one function to be replayed against its fixture. */
export type Job = {
  readonly kind: 'test-file' | 'replay'
  readonly file: string
  /** Modules this worker was not given before. */
  readonly modules: readonly SourceModule[]
  /** Forget the modules of earlier jobs first. */
  readonly forget: boolean
  readonly setupFiles: readonly string[]
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
