import { createSync } from '@plumb/sdk'
import { z } from 'zod'

const Event = z.object({
  id: z.string(),
  title: z.string(),
  start: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()).optional(),
})
const metadata = z.object({ calendarId: z.string() })

export default createSync({
  description: 'Events that changed since the last run',
  frequency: 'every 5m',
  models: { Event },
  metadata,
  checkpoint: z.object({ updatedMin: z.string() }),
  exec: async (ctx) => {
    const { calendarId } = metadata.parse(await ctx.getMetadata())
    const checkpoint = await ctx.getCheckpoint()
    const params: Record<string, string> = { singleEvents: 'true' }
    if (checkpoint?.updatedMin) params['updatedMin'] = checkpoint.updatedMin
    let latest = checkpoint?.updatedMin ?? ''
    const page = z.array(
      z.object({
        id: z.string(),
        status: z.string(),
        summary: z.string().optional(),
        updated: z.string(),
        start: z.object({ dateTime: z.string().optional() }).optional(),
      }),
    )
    for await (const answer of ctx.paginate({
      endpoint: `/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events`,
      params,
      paginate: {
        type: 'cursor',
        cursor_name_in_request: 'pageToken',
        cursor_path_in_response: 'nextPageToken',
        response_path: 'items',
      },
    })) {
      const events = page.parse(answer)
      const saved = events
        .filter(({ status }) => status !== 'cancelled')
        .map((event) => ({
          id: event.id,
          title: event.summary ?? '',
          ...(event.start?.dateTime !== undefined && { start: event.start.dateTime }),
        }))
      await ctx.batchSave(saved, 'Event')
      const removed = events.filter(({ status }) => status === 'cancelled')
      if (removed.length > 0)
        await ctx.batchDelete(
          removed.map(({ id }) => ({ id })),
          'Event',
        )
      for (const { updated } of events) if (updated > latest) latest = updated
      if (latest !== '') await ctx.saveCheckpoint({ updatedMin: latest })
    }
  },
})
