import type { ApiDescription, Interaction, Operation, Provider } from '@plumb/protocol'

/** What a draft is made from. */
export type DraftRequest = {
  readonly description: ApiDescription
  readonly provider: Provider
  readonly interaction: Interaction
  /** Uses this operation instead of choosing one. */
  readonly operationId?: string
  readonly kind?: 'action' | 'sync'
}

/** A proposed function: complete TypeScript, and what a person or an agent still has to settle. */
export type Draft = {
  readonly kind: 'action' | 'sync'
  readonly operation: Operation | null
  readonly alternatives: readonly Operation[]
  readonly source: string
  readonly openQuestions: readonly string[]
  /** How sure the draft is that it does what the interaction asks, 0 to 1. */
  readonly confidence: number
}

/** The words of an interaction that say what it is about. */
export function interactionText(interaction: Interaction): string {
  const { id, displayName, description, prompt, comments } = interaction
  return [displayName, description, id.replaceAll('-', ' '), prompt, comments]
    .filter((text) => text !== undefined && text !== '')
    .join('. ')
}
