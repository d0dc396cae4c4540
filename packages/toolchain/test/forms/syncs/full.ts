import { createSync } from 'nango'
import type { NangoSync } from 'nango'
import { z } from 'zod'

const User = z.object({
  id: z.string(),
  name: z.union([z.string(), z.null()]),
  raw: z.record(z.string(), z.unknown()),
})
type User = z.infer<typeof User>
type RawUser = { ID: string; Name?: string | null }

class Walker {
  private nango: NangoSync
  public constructor(nango: NangoSync) {
    this.nango = nango
  }

  async *pages(): AsyncGenerator<RawUser[]> {
    let offset = 0
    while (true) {
      const { data } = await this.nango.get<{ d: { results: RawUser[] } }>({
        endpoint: '/users',
        params: { $skip: `${offset}` },
      })
      if (data.d.results.length === 0) return
      yield data.d.results
      offset += data.d.results.length
    }
  }

  async save(users: User[]): Promise<void> {
    await this.nango.batchSave(users, 'User')
    await this.nango.batchSave<User>(users, 'User')
  }
}

export default createSync({
  description: 'All users, every time.',
  version: '1.0.0',
  frequency: 'every hour',
  models: { User, Group: z.object({ id: z.string() }).passthrough() },
  exec: async (nango) => {
    await nango.trackDeletesStart('User')
    const walker = new Walker(nango)
    for await (const page of walker.pages()) {
      await walker.save(
        page.map((raw) => ({ id: raw.ID, name: raw.Name ?? null, raw: { ...raw } })),
      )
    }
    const query = `query ($after: String) { groups(after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }`
    let after: string | null = null
    let hasNextPage = true
    while (hasNextPage) {
      const response: {
        data: {
          data: {
            groups: {
              nodes: { id: string }[]
              pageInfo: { endCursor: string; hasNextPage: boolean }
            }
          }
        }
      } = await nango.post({
        endpoint: '/graphql',
        data: { query, variables: { after } },
        retries: 10,
      })
      const { nodes, pageInfo } = response.data.data.groups
      await nango.batchSave(nodes, 'Group')
      after = pageInfo.endCursor
      hasNextPage = pageInfo.hasNextPage
    }
    await nango.trackDeletesEnd('User')
  },
})

export const withEndpoint = createSync({
  description: 'Says endpoint where endpoints belongs.',
  version: '1.0.0',
  frequency: 'every 6 hours',
  // @ts-expect-error a sync has endpoints
  endpoint: { path: '/syncs/groups', method: 'GET' },
  models: { Group: z.object({ id: z.string() }) },
  exec: async (nango) => {
    await nango.batchSave([{ id: 'a', name: 'x' }], 'Group')
    // @ts-expect-error no such model
    await nango.batchSave([{ id: 'a' }], 'Grup')
    // @ts-expect-error a record has an id
    await nango.batchSave([{ name: 'a' }], 'Group')
    await nango.get({
      endpoint: '/x',
      // @ts-expect-error no such option
      query: { a: '1' },
    })
  },
})
