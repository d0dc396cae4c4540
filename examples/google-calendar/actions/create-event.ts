import { createAction } from '@plumb/sdk'
import * as z from 'zod'

const Created = z.object({ id: z.string(), htmlLink: z.string() })

export default createAction({
  description: 'Creates an event in the primary calendar',
  version: '1.0.0',
  input: z.object({
    title: z.string().min(1),
    start: z.iso.datetime({ offset: true }),
    end: z.iso.datetime({ offset: true }),
    attendees: z.array(z.email()).optional(),
  }),
  output: z.object({ id: z.string(), url: z.string() }),
  scopes: ['https://www.googleapis.com/auth/calendar.events'],
  exec: async (ctx, { title, start, end, attendees }) => {
    const response = await ctx.post({
      endpoint: '/calendar/v3/calendars/primary/events',
      data: {
        summary: title,
        start: { dateTime: start },
        end: { dateTime: end },
        attendees: attendees?.map((email) => ({ email })),
      },
    })
    const { id, htmlLink } = Created.parse(response.data)
    return { id, url: htmlLink }
  },
})
