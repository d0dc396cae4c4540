import type { SyncContext } from '@plumb/sdk'
import * as z from 'zod'
import { ListedContact, properties } from './contact.js'

const Found = z.object({
  results: z.array(ListedContact),
  paging: z.object({ next: z.object({ after: z.string() }) }).optional(),
})

type Context = Pick<SyncContext, 'post'>
type Listed = z.infer<typeof ListedContact>
type Filter = { readonly propertyName: string; readonly operator: string; readonly value: string }

/*
 * A search can be paged through for 10,000 results only (status 400 beyond), and its pages move when contacts change
 * meanwhile, so that some would be passed over. So each page here is a search of its own, which begins where the one
 * before has ended.
 */

/** All contacts with an id above `after`, by id, in pages of 200. */
export async function* searchById(
  ctx: Context,
  { after, filters = [] }: { readonly after: string; readonly filters?: readonly Filter[] },
): AsyncGenerator<readonly Listed[]> {
  for (let last = after; ;) {
    const beyond = { propertyName: 'hs_object_id', operator: 'GT', value: last }
    const { results, paging } = await search(ctx, [...filters, beyond], 'hs_object_id')
    yield results
    last = results.at(-1)?.id ?? last
    if (paging === undefined) return
  }
}

/** All contacts that changed at or after a moment (ISO 8601), in the order of their changes, in pages of 200. */
export async function* searchChanges(
  ctx: Context,
  since: string,
): AsyncGenerator<readonly Listed[]> {
  const property = 'lastmodifieddate'
  for (let from = Date.parse(since); ;) {
    const value = String(from)
    const reachable = { propertyName: property, operator: 'GTE', value }
    const { results, paging } = await search(ctx, [reachable], property)
    yield results
    if (paging === undefined) return
    const reached = Date.parse(results.at(-1)?.properties.lastmodifieddate ?? since)
    if (reached === from) {
      // An import or a workflow changes thousands at one moment: they are told apart by their ids.
      const filters = [{ propertyName: property, operator: 'EQ', value }]
      yield* searchById(ctx, { after: '0', filters })
      from += 1
    } else {
      from = reached
    }
  }
}

async function search(ctx: Context, filters: readonly Filter[], sort: string) {
  const response = await ctx.post({
    endpoint: '/crm/v3/objects/contacts/search',
    data: {
      filterGroups: [{ filters }],
      sorts: [{ propertyName: sort, direction: 'ASCENDING' }],
      properties,
      limit: 200,
    },
    retries: 8,
  })
  return Found.parse(response.data)
}
