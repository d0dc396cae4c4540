import { createAction } from 'nango'
import { z } from 'zod'

const Outcome = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), id: z.string() }),
  z.object({ ok: z.literal(false), id: z.string(), status: z.number() }),
])

const action = createAction({
  description: 'Closes several tickets and says what became of each.',
  version: '1.0.0',
  input: z.object({ ids: z.array(z.string()).min(1).max(20) }),
  output: z.object({ outcomes: z.array(Outcome) }),
  exec: async (nango, input) => {
    const outcomes: z.infer<typeof Outcome>[] = []
    for (const id of input.ids) {
      let response: Awaited<ReturnType<typeof nango.put>>
      try {
        response = await nango.put({
          endpoint: `/api/tickets/${id}/state`,
          data: { state: 'closed' },
        })
      } catch (error) {
        const status = (error as { response?: { status?: number } }).response?.status
        if (status !== 409) throw error
        outcomes.push({ ok: false, id, status })
        continue
      }
      const { status } = response
      outcomes.push(status < 300 ? { ok: true, id } : { ok: false, id, status })
    }
    return { outcomes }
  },
})

export default action
