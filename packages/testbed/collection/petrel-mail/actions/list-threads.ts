import { createAction } from 'nango'
import { z } from 'zod'

const Thread = z.object({ id: z.string(), unread: z.boolean(), participants: z.array(z.string()) })

const action = createAction({
  description: 'Lists threads in full, over all pages.',
  version: '1.0.0',
  input: z.object({ unreadOnly: z.boolean().optional() }),
  output: z.object({ threads: z.array(Thread) }),
  exec: async (nango, input) => {
    const threads: z.infer<typeof Thread>[] = []
    for await (const page of nango.paginate({
      method: 'POST',
      endpoint: '/threads/query',
      data: { unread: input.unreadOnly ?? false },
      paginate: {
        type: 'cursor',
        cursor_name_in_request: 'cursor',
        cursor_path_in_response: 'next.cursor',
        response_path: 'result.threads',
        limit_name_in_request: 'limit',
        limit: 2,
      },
    })) {
      threads.push(...page.map((raw) => Thread.parse(raw)))
    }
    return { threads }
  },
})

export default action
