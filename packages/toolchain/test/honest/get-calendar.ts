import { createAction } from 'nango'
import { z } from 'zod'

const input = z.object({ calendarId: z.string() })
const output = z.object({
  id: z.string(),
  summary: z.string(),
  timeZone: z.string().optional(),
})

const answer = z.object({
  id: z.string(),
  summary: z.string(),
  timeZone: z.string().nullish(),
})

const action = createAction({
  description: 'Reads one calendar',
  version: '1.0.0',
  input,
  output,
  exec: async (nango, input) => {
    const response = await nango.get({
      endpoint: `/calendar/v3/calendars/${encodeURIComponent(input.calendarId)}`,
      retries: 3,
    })
    const calendar = answer.parse(response.data)
    return {
      id: calendar.id,
      summary: calendar.summary,
      ...(calendar.timeZone != null && { timeZone: calendar.timeZone }),
    }
  },
})

export default action
