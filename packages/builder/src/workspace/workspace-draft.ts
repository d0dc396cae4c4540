import type { Operation } from '@plumb/protocol'

/** What the generator proposed; the workspace starts from it. */
export type WorkspaceDraft = {
  readonly kind: 'action' | 'sync'
  readonly operation: Operation | null
  readonly alternatives: readonly Operation[]
  readonly source: string
  readonly openQuestions: readonly string[]
}
