import { createSync } from '@plumb/sdk'
import type { SyncContext } from '@plumb/sdk'
import * as z from 'zod'

const CalendarEvent = z.object({
  id: z.string(),
  title: z.string(),
  start: z.string().nullable(),
  end: z.string().nullable(),
  url: z.string().nullable(),
})

const Moment = z.object({ date: z.string().optional(), dateTime: z.string().optional() })
const Listed = z.object({
  id: z.string(),
  status: z.string(),
  summary: z.string().optional(),
  start: Moment.optional(),
  end: Moment.optional(),
  htmlLink: z.string().optional(),
})
const Page = z.object({
  items: z.array(Listed).default([]),
  nextPageToken: z.string().optional(),
  nextSyncToken: z.string().optional(),
})

type Models = { CalendarEvent: z.infer<typeof CalendarEvent> }
type Context = Pick<SyncContext<Models>, 'get' | 'batchSave' | 'batchDelete'>

export default createSync({
  description: 'Stores the events of the primary calendar, and after that only what changes',
  version: '1.0.0',
  frequency: 'every 5m',
  models: { CalendarEvent },
  checkpoint: z.object({ syncToken: z.string() }),
  scopes: ['https://www.googleapis.com/auth/calendar.events.readonly'],
  exec: async (ctx) => {
    const checkpoint = await ctx.getCheckpoint()
    if (checkpoint !== null) {
      const syncToken = await walk(ctx, checkpoint.syncToken)
      if (syncToken !== 'expired') return ctx.saveCheckpoint({ syncToken })
      // Google forgets what changed after a while: all events are walked again, and what is gone is deleted.
      await ctx.clearCheckpoint()
    }
    await ctx.trackDeletesStart('CalendarEvent')
    const syncToken = await walk(ctx, undefined)
    if (syncToken === 'expired') throw new Error('A walk without a sync token was called expired.')
    await ctx.trackDeletesEnd('CalendarEvent')
    await ctx.saveCheckpoint({ syncToken })
  },
})

/** Walks all events, or the changes since a sync token, and gives the token for the next time. */
async function walk(ctx: Context, syncToken: string | undefined): Promise<string> {
  let pageToken: string | undefined
  for (;;) {
    const response = await ctx.get({
      endpoint: '/calendar/v3/calendars/primary/events',
      params: { maxResults: 250, syncToken, pageToken },
      retries: 5,
      expectedStatus: syncToken === undefined ? [] : [410],
    })
    if (response.status === 410) return 'expired'
    const { items, nextPageToken, nextSyncToken } = Page.parse(response.data)
    const cancelled = items.filter(({ status }) => status === 'cancelled')
    const current = items.filter(({ status }) => status !== 'cancelled')
    await ctx.batchSave(current.map(eventOf), 'CalendarEvent')
    await ctx.batchDelete(
      cancelled.map(({ id }) => ({ id })),
      'CalendarEvent',
    )
    if (nextSyncToken !== undefined) return nextSyncToken
    if (nextPageToken === undefined) throw new Error('The last page has no sync token.')
    pageToken = nextPageToken
  }
}

function eventOf(listed: z.infer<typeof Listed>): z.infer<typeof CalendarEvent> {
  return {
    id: listed.id,
    title: listed.summary ?? '(no title)',
    start: listed.start?.dateTime ?? listed.start?.date ?? null,
    end: listed.end?.dateTime ?? listed.end?.date ?? null,
    url: listed.htmlLink ?? null,
  }
}
