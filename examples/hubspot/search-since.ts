import type { SyncContext } from '@plumb/sdk'
import * as z from 'zod'
import { ListedContact, properties } from './contact.js'

const Found = z.object({
  results: z.array(ListedContact),
  paging: z.object({ next: z.object({ after: z.string() }) }).optional(),
})

type Listed = z.infer<typeof ListedContact>
type Walk = {
  /** What the walk is ordered by: contacts are given from `since` on. */
  readonly property: 'createdate' | 'lastmodifieddate'
  /** ISO 8601. */
  readonly since: string
}

/**
 * Every contact from a moment on, oldest first, in pages of 200. A search refuses to go past its first 10,000
 * results with status 400: the walk then begins a new search at the moment it has reached. Contacts of that
 * moment come twice, which does no harm to records.
 */
export async function* searchSince(
  ctx: Pick<SyncContext, 'post'>,
  { property, since }: Walk,
): AsyncGenerator<readonly Listed[]> {
  let from = since
  let reached = since
  let after: string | undefined
  for (;;) {
    const response = await ctx.post({
      endpoint: '/crm/v3/objects/contacts/search',
      data: {
        filterGroups: [
          {
            filters: [{ propertyName: property, operator: 'GTE', value: String(Date.parse(from)) }],
          },
        ],
        sorts: [{ propertyName: property, direction: 'ASCENDING' }],
        properties,
        limit: 200,
        after,
      },
      retries: 8,
      expectedStatus: after === undefined ? [] : [400],
    })
    if (response.status === 400) {
      if (reached === from) {
        throw new Error(
          `More than 10,000 contacts have the ${property} ${from}; a search cannot pass them.`,
        )
      }
      from = reached
      after = undefined
      continue
    }
    const { results, paging } = Found.parse(response.data)
    yield results
    reached = results.at(-1)?.properties[property] ?? reached
    after = paging?.next.after
    if (after === undefined) return
  }
}
