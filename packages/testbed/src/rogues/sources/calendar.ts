import { emitAction } from './emit.js'
import type { Parts } from './emit.js'

const listsCalendars = `const calendars: z.infer<typeof Calendar>[] = []
    let pageToken: string | undefined
    do {
      const response = await ctx.get({ endpoint: '/calendar/v3/users/me/calendarList', params: { pageToken } })
      const page = z.object({ items: z.array(Calendar), nextPageToken: z.string().optional() }).parse(response.data)
      calendars.push(...page.items)
      pageToken = page.nextPageToken
    } while (pageToken !== undefined)
    return calendars`

/** An action that lists the calendars of the account. */
export function listCalendars(parts: Parts = {}): string {
  return emitAction({
    description: 'Lists calendars.',
    ...{ name: 'Calendar', schema: 'z.object({ id: z.string(), summary: z.string() })' },
    ...{ input: '', output: 'z.array(Calendar)', body: listsCalendars, parts },
  })
}
