import type { CalendarCall } from './calendar-operation.js'
import type { Collection, Stored, StoredCalendar } from './calendar-state.js'
import { notFound } from './refusal.js'

/** The calendar of the path; `primary` stands for the owner's. */
export function findCalendar(call: CalendarCall, name = call.path['calendarId']): StoredCalendar {
  const id = name === 'primary' ? call.state.owner : name
  const found = call.state.calendars.get(id ?? '')
  if (!found) throw notFound()
  return found
}

/** A member that exists and was not deleted. */
export function findStored(collection: Collection, id: string | undefined): Stored {
  const found = collection.get(id ?? '')
  if (!found || found.deleted) throw notFound()
  return found
}
