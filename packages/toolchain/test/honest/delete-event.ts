import { createAction } from '@plumb/sdk'
import { z } from 'zod'

const fieldsOf = (error: unknown): number | undefined =>
  z.object({ response: z.object({ status: z.number() }) }).safeParse(error).data?.response.status

export default createAction({
  description: 'Deletes an event',
  input: z.object({ calendarId: z.string(), eventId: z.string(), notify: z.boolean().optional() }),
  output: z.object({ success: z.boolean() }),
  exec: async (ctx, input) => {
    try {
      await ctx.delete({
        endpoint: `/calendar/v3/calendars/${encodeURIComponent(input.calendarId)}/events/${encodeURIComponent(input.eventId)}`,
        params: { ...(input.notify !== undefined && { sendUpdates: String(input.notify) }) },
      })
    } catch (error) {
      if (fieldsOf(error) === 410) {
        throw new ctx.ActionError({ type: 'already_deleted', message: 'The event is gone.' })
      }
      throw error
    }
    return { success: true }
  },
})
