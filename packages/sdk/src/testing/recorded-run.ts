import type { Recording } from '../replay/recording.js'

/** What was recorded of one run of a function, whatever the format. */
export type RecordedRun = {
  /** How messages name the fixture. */
  readonly source: string
  readonly input: unknown
  /** Undefined when no output was recorded. */
  readonly output: unknown
  readonly members: Readonly<Record<string, unknown>>
  readonly recordings: readonly Recording[]
}
