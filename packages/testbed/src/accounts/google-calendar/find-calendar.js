import { notFound } from './refusal.js';
/** The calendar of the path; `primary` stands for the owner's. */
export function findCalendar(call, name = call.path['calendarId']) {
    const id = name === 'primary' ? call.state.owner : name;
    const found = call.state.calendars.get(id ?? '');
    if (!found)
        throw notFound();
    return found;
}
/** A member that exists and was not deleted. */
export function findStored(collection, id) {
    const found = collection.get(id ?? '');
    if (!found || found.deleted)
        throw notFound();
    return found;
}
//# sourceMappingURL=find-calendar.js.map