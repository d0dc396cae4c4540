import { html } from './html.js'
import type { Html } from './html.js'

export type TableHead = {
  readonly id: string
  readonly title: string
  readonly caption: string
  readonly headings: readonly string[]
}

/** A table with its heading and caption, which scrolls on its own where it is too wide. */
export function tableSection(
  { id, title, caption, headings }: TableHead,
  rows: readonly Html[],
): Html {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    <div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
      <table>
        <caption>
          ${caption}
        </caption>
        <thead>
          <tr>
            ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`
}
