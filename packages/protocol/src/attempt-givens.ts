import type { Operation } from './api-description.js'

/** A skill that an attempt was given; `version` is the SHA-256 over its files, so a changed word is another version. */
export type SkillVersion = { readonly name: string; readonly version: string }

/** The operations that an attempt could know of, and the addresses that their paths stand below. */
export type KnownOperations = {
  /** Base URL that the API description names. */
  readonly baseUrl: string | null
  /** Addresses of the connection and of the provider. */
  readonly baseUrls: readonly string[]
  readonly operations: readonly Pick<Operation, 'id' | 'method' | 'path'>[]
}

/** What an attempt was given before its agent began. */
export type AttemptGivens = {
  readonly attemptId: string
  readonly skills: readonly SkillVersion[]
  /** Hash of the source of the draft that `function.ts` began as; comparable with `Execution.sourceHash`. */
  readonly draftHash: string
  readonly known: KnownOperations
}
