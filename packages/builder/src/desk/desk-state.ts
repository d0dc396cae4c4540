import type { BlockedCause } from '@plumb/protocol'

/** How an attempt came to its end, as the control side saw it. */
export type DeskEnding =
  | { readonly kind: 'submitted'; readonly hash: string }
  | { readonly kind: 'access-lost'; readonly cause: BlockedCause }
  | {
      readonly kind: 'claimed-blocked'
      readonly reason: 'access' | 'not-possible'
      readonly detail: string
      readonly receiptIds: readonly string[]
    }

/** What is remembered between two commands of one attempt. */
export class DeskState {
  #ending: DeskEnding | null = null
  /** Hash of the source that last passed `plumb check`. */
  passedHash: string | null = null

  get ending(): DeskEnding | null {
    return this.#ending
  }

  /** The first ending counts: nothing that an agent does afterwards changes how its attempt ended. */
  end(ending: DeskEnding): void {
    this.#ending ??= ending
  }
}
