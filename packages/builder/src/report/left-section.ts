import type { LeftResource, Report } from '@plumb/protocol'
import { html } from './html.js'
import type { Html } from './html.js'
import type { Paint } from './paint.js'
import { tableSection } from './table-section.js'
import { wrap } from './wrap.js'

const title = 'Left in the account'

/** What attempts made in test accounts and nothing has deleted, for the page. */
export function leftSection({ left }: Report): Html {
  if (left.length === 0) return html``
  const rows = left.map(
    ({ integration, url, attempt, interaction, createdAt }) =>
      html`<tr>
        <th scope="row">${integration}</th>
        <td><code>${url}</code></td>
        <td>${interaction} <code>${attempt}</code></td>
        <td>${createdAt}</td>
      </tr>`,
  )
  const headings = ['Integration', 'Where it is', 'Made by', 'Since']
  const caption = 'What the API has no operation to delete, or did not let go. Delete it by hand.'
  return tableSection({ id: 'left', title, caption, headings }, rows)
}

type Style = { readonly columns: number; readonly paints: Paint }

/** The same for a terminal. */
export function leftLines(left: readonly LeftResource[], { columns, paints }: Style): string[] {
  if (left.length === 0) return []
  const lines = left.flatMap(({ integration, url, attempt }) =>
    wrap(`  ${integration}: ${url} (made by ${attempt})`, columns, '      '),
  )
  return ['', paints.bold(`${title}: ${left.length}, to be deleted by hand`), ...lines]
}
