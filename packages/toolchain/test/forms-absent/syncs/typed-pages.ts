import { createSync } from 'nango'
import type { ProxyConfiguration } from 'nango'
import type { AxiosError, AxiosResponse } from 'axios'
import { z } from 'zod'

type Answer = { items: { id: number }[]; after?: string }

export default createSync({
  description: 'Copies items, and reads the answer of each page.',
  frequency: 'every hour',
  models: { Item: z.object({ id: z.string() }) },
  checkpoint: z.object({ cursor: z.string() }),
  exec: async (nango) => {
    let cursor: string | undefined = (await nango.getCheckpoint())?.cursor
    const config: ProxyConfiguration = {
      endpoint: '/items',
      paginate: {
        type: 'cursor',
        cursor_name_in_request: 'cursor',
        cursor_path_in_response: 'after',
        limit_name_in_request: 'limit',
        response_path: 'items',
        on_page: async (page: {
          nextPageParam?: string | number | undefined
          response: AxiosResponse<Answer>
        }) => {
          cursor = page.response.data.after ?? cursor
        },
      },
    }
    try {
      for await (const page of nango.paginate<{ id: number }>(config)) {
        await nango.batchSave(
          page.map(({ id }) => ({ id: String(id) })),
          'Item',
        )
        if (cursor !== undefined) await nango.saveCheckpoint({ cursor })
      }
      const answer: AxiosResponse<Answer> = await nango.get<Answer>({ endpoint: '/x' })
      await nango.log(answer.data.items.length)
    } catch (error) {
      const { response } = error as AxiosError<{ message: string }>
      if (response?.status !== 404) throw error
      await nango.log(response.data.message)
    }
  },
})
