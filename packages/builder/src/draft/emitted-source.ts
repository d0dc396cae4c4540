import type { Operation } from '@plumb/protocol'

/** Lines of TypeScript without indentation, and what they leave open. */
export type EmittedSource = {
  readonly lines: readonly string[]
  readonly questions: readonly string[]
}

export type Target = { readonly operation: Operation }
