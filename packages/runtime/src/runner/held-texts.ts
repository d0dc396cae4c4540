/** Texts of functions that a runner holds at most. */
const mostTexts = 16

type Text = { readonly code: string; readonly fileName: string }

/**
 * Which texts a runner holds, by place: each travels once. When all places are taken, the one that was taken longest
 * ago gets another text.
 */
export class HeldTexts {
  readonly #texts: Text[] = []
  #kept = 0

  /** Where the next text goes. */
  get next(): number {
    return this.#kept % mostTexts
  }

  /** Where the runner holds a text; null when it has to be sent. */
  find({ code, fileName }: Text): number | null {
    const place = this.#texts.findIndex((text) => text.code === code && text.fileName === fileName)
    return place < 0 ? null : place
  }

  /** Notes that a text was sent to the next place. */
  keep({ code, fileName }: Text): void {
    this.#texts[this.next] = { code, fileName }
    this.#kept += 1
  }
}
