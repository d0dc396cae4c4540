import type { Provider } from '@plumb/protocol'

export type LoadedProvider = {
  readonly provider: Provider
  /** Absolute path of the entry. */
  readonly path: string
  /** Absolute path or URL. */
  readonly apiDescription: string | null
  /** `endpoints`: nothing but its OAuth endpoints is known. Absent for an entry that somebody wrote. */
  readonly tier?: 'endpoints'
}
