import type { CompatRequest } from './compat-identity.js'

/** What a recorded call resolves to; `undefined` for what was not recorded. */
export type CompatAnswer = {
  readonly data: unknown
  readonly status: unknown
  readonly headers: unknown
}

/** A recorded call of an endpoint, for finding out how its pages hang together. */
export type CompatRecording = {
  readonly params: readonly (readonly [string, string])[]
  readonly data: unknown
  readonly answer: CompatAnswer
}

/** Members of the context whose recorded result stands in the fixture. */
export type ContextMember =
  | 'getConnection'
  | 'getMetadata'
  | 'updateMetadata'
  | 'deleteRecordsFromPreviousExecutions'
  | 'trackDeletesStart'
  | 'trackDeletesEnd'
  | 'getIntegration'
  | 'getToken'
  | 'getEnvironmentVariables'
  | 'listRecords'

/** The recorded calls and results of one function, in either format. */
export type CompatFixture = {
  readonly format: 'unified' | 'legacy'
  /** Throws PlumbError `replay-unknown-request` when nothing matches. */
  answer(request: CompatRequest, method: string): CompatAnswer
  recordings(request: CompatRequest, method: string): readonly CompatRecording[]
  /** A recording without the request that led to it: it answers every request to its endpoint. */
  isAnonymous(request: CompatRequest, method: string): boolean
  input(): unknown
  /** Throws PlumbError `fixture-missing` when there is none. */
  output(): unknown
  batch(kind: 'batchSave' | 'batchDelete', model: string | undefined): unknown
  /** Throws PlumbError `fixture-missing` for a connection or metadata that were not recorded. */
  member(name: ContextMember): unknown
}
